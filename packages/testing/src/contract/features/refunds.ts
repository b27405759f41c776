import assert from 'node:assert/strict';
import { feature, needs } from '../behaviour.ts';
import { assertRefused, NOBODY, sumOf } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const refunds = feature('Refunds', {
  'a whole refund gives back pieces, points and coupon': async (trial) => {
    const { shop } = await trial.customer({ points: 1_900 });
    const product = await trial.product({ quantity: 5 });
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 2)], userCouponId, points: 1_900 });
    const refund = await trial.admin.payments.refund({ orderId, reason: 'Broken' });
    assert.partialDeepStrictEqual(refund, {
      orderId,
      amount: 0,
      points: 1_900,
      isWhole: true,
      orderStatus: 'REFUNDED',
      reason: 'Broken',
    });
    assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), { status: 'REFUNDED' });
    assert.equal(await trial.stockOf(product), 5);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 1_900 });
    assert.partialDeepStrictEqual((await shop.coupons.mine()).items, [
      { id: userCouponId, used: false, orderId: null },
    ]);
  },

  'the parts of an order that go back one by one sum to what was paid, to the last point': async (trial) => {
    const { shop } = await trial.customer({ points: 10_000 });
    const [tea, honey] = [await trial.product({ price: 333 }), await trial.product({ price: 101 })];
    const { id: couponId } = await trial.coupon({ discountType: 'PERCENT', discountValue: 7 });
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const items = [lineOf(tea, 3), lineOf(honey, 2)];
    const { payableAmount: points } = await shop.orders.quote({ items, userCouponId });
    const { id: orderId } = await shop.orders.place({ items, userCouponId, points });
    const given: number[] = [];
    for (const product of [tea, honey, tea, tea, honey]) {
      assert.partialDeepStrictEqual((await shop.coupons.mine()).items, [{ used: true }]);
      const refund = await trial.admin.payments.refund({ orderId, items: [lineOf(product)] });
      assert.equal(refund.isWhole, given.length === 4);
      given.push(refund.points);
    }
    assert.equal(sumOf(given), points);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 10_000 });
    assert.deepEqual([await trial.stockOf(tea), await trial.stockOf(honey)], [10, 10]);
    assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), { status: 'REFUNDED' });
    assert.partialDeepStrictEqual((await shop.coupons.mine()).items, [{ used: false }]);
  },

  'money and points of an order go back in parts that sum to each exactly': needs(
    'payments',
    async (trial, { method, approvedToken }) => {
      const { shop } = await trial.customer({ points: 100 });
      const product = await trial.product({ price: 333 });
      const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 3)], points: 100 });
      await shop.payments.pay({ orderId, method, token: approvedToken });
      const given: { amount: number; points: number }[] = [];
      for (let piece = 0; piece < 3; piece++) {
        given.push(await trial.admin.payments.refund({ orderId, items: [lineOf(product)] }));
      }
      assert.equal(sumOf(given.map(({ amount }) => amount)), 899);
      assert.equal(sumOf(given.map(({ points }) => points)), 100);
      assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 100 });
    },
  ),

  'an order tells how many pieces of each line went back': async (trial) => {
    const { shop } = await trial.customer({ points: 3_000 });
    const product = await trial.product();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 3)], points: 3_000 });
    await trial.admin.payments.refund({ orderId, items: [lineOf(product, 2)] });
    assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), {
      status: 'COMPLETE',
      items: [{ quantity: 3, refundedQuantity: 2 }],
    });
    assert.equal(await trial.stockOf(product), 9);
  },

  'no more goes back than was ordered': async (trial) => {
    const { shop } = await trial.customer({ points: 2_000 });
    const product = await trial.product();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 2)], points: 2_000 });
    const refund = (quantity: number) => trial.admin.payments.refund({ orderId, items: [lineOf(product, quantity)] });
    await refund(1);
    await assertRefused(refund(2), 'REFUND_EXCEEDS_ORDER', { productId: product.id, requested: 2, refundable: 1 });
    const foreign = trial.admin.payments.refund({ orderId, items: [lineOf(await trial.product())] });
    await assertRefused(foreign, 'REFUND_EXCEEDS_ORDER', { refundable: 0 });
    await refund(1);
    await assertRefused(trial.admin.payments.refund({ orderId }), 'ORDER_NOT_REFUNDABLE', { status: 'REFUNDED' });
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 2_000 });
  },

  'an order that was never paid cannot be refunded': async (trial) => {
    const { shop } = await trial.customer();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(await trial.product())] });
    await assertRefused(trial.admin.payments.refund({ orderId }), 'ORDER_NOT_REFUNDABLE', { status: 'WAITING' });
    await assertRefused(trial.admin.payments.refund({ orderId: NOBODY }), 'ORDER_NOT_FOUND', { orderId: NOBODY });
  },
});
