import assert from 'node:assert/strict';
import { feature, needs } from '../behaviour.ts';
import { assertRefused, atOnce, sumOf, times } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const payments = feature('Payments', {
  'a payment that succeeds completes the order': needs('payments', async (trial, { method, approvedToken }) => {
    const { shop } = await trial.customer();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
    const paid = await shop.payments.pay({ orderId, method, token: approvedToken });
    assert.partialDeepStrictEqual(paid, { orderId, status: 'PAID', amount: 1_000, method, orderStatus: 'COMPLETE' });
    assert.ok(paid.transactionId);
    const order = await shop.orders.get({ orderId });
    assert.partialDeepStrictEqual(order, { status: 'COMPLETE', expiresAt: null, payment: { id: paid.id } });
    assert.ok(order.completedAt);
  }),

  'a payment that is declined leaves the order waiting for another try': needs(
    'payments',
    async (trial, { method, approvedToken, declinedToken }) => {
      const { shop } = await trial.customer();
      const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
      const declined = await shop.payments.pay({ orderId, method, token: declinedToken });
      assert.partialDeepStrictEqual(declined, { status: 'FAILED', orderStatus: 'WAITING' });
      assert.ok(declined.failureReason);
      const paid = await shop.payments.pay({ orderId, method, token: approvedToken });
      assert.partialDeepStrictEqual(paid, { status: 'PAID', orderStatus: 'COMPLETE' });
      const statuses = (await shop.payments.get({ orderId })).map(({ status }) => status);
      assert.deepEqual(statuses, ['FAILED', 'PAID']);
    },
  ),

  'an order is paid once, however often and with whatever key it is asked for': needs(
    'payments',
    async (trial, { method, approvedToken }) => {
      const { shop } = await trial.customer();
      const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
      const { refusals } = await atOnce(times(6, () => shop.payments.pay({ orderId, method, token: approvedToken })));
      const others = refusals.filter((reason) => !['PAYMENT_IN_PROGRESS', 'ORDER_NOT_WAITING'].includes(reason));
      assert.deepEqual(others, []);
      const paid = (await shop.payments.get({ orderId })).filter(({ status }) => status === 'PAID');
      assert.equal(sumOf(paid.map(({ amount }) => amount)), 1_000);
      await assertRefused(shop.payments.pay({ orderId, method }), 'ORDER_NOT_WAITING', { status: 'COMPLETE' });
    },
  ),

  'the same payment with the same key gets the same answer': needs('payments', async (trial, payments) => {
    const { method, approvedToken: token } = payments;
    const { shop } = await trial.customer();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
    const pay = () => shop.payments.pay({ orderId, method, token, idempotencyKey: `pay-${trial.word}` });
    const first = await pay();
    assert.deepEqual(await pay(), first);
    assert.equal((await shop.payments.get({ orderId })).length, 1);
  }),

  'a cancelled order cannot be paid': needs('payments', async (trial, { method, approvedToken }) => {
    const { shop } = await trial.customer();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
    await shop.orders.cancel({ orderId });
    const call = shop.payments.pay({ orderId, method, token: approvedToken });
    await assertRefused(call, 'ORDER_NOT_WAITING', { orderId, status: 'CANCELLED' });
  }),

  'a method that the shop does not have is refused by name': async (trial) => {
    const { shop } = await trial.customer();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
    const method = 'seashells';
    await assertRefused(shop.payments.pay({ orderId, method }), 'PAYMENT_METHOD_UNKNOWN', { method });
    assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), { status: 'WAITING' });
  },
});
