import { isOutcomeUnknown } from '@baguni/sdk';
import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { TestProvider } from '../src/index.ts';
import { endOrder, eventTypes, expectLedgersAgree, waitingOrder } from './payments-for-test.ts';
import { customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

test('a payment that the provider approves completes the order', async () => {
  const engine = await openTestShop();
  const { shop, order, orderId, product, key } = await waitingOrder(engine, { price: 3_000, quantity: 2 });

  const payment = await shop.payments.pay({ orderId, method: 'test' });

  expect(payment).toMatchObject({
    id: order.payment.id,
    orderId,
    status: 'PAID',
    method: 'test',
    amount: 6_000,
    orderStatus: 'COMPLETE',
    nextUrl: null,
    failureReason: null,
  });
  expect(engine.provider.ledger).toMatchObject([{ key, amount: 6_000, transactionId: payment.transactionId }]);
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE', expiresAt: null });
  expect(await engine.sql('select day, quantity, amount from daily_sales')).toMatchObject([{ day: '2026-01-01' }]);
  const [sold] = await engine.sql<{ sold_quantity: number }>(
    `select sold_quantity from products where id = ${product.id}`,
  );
  expect(Number(sold?.sold_quantity)).toBe(2);
  expect(await eventTypes(engine)).toEqual(['order.placed', 'order.completed']);
  await expectLedgersAgree(engine);
});

test('a declined payment leaves the order waiting for another try', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);

  const declined = await shop.payments.pay({ orderId, method: 'test', token: 'decline' });
  expect(declined).toMatchObject({
    status: 'FAILED',
    orderStatus: 'WAITING',
    failureReason: 'The card was declined.',
    transactionId: null,
  });
  const paid = await shop.payments.pay({ orderId, method: 'test' });

  expect(paid).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE' });
  expect(paid.id).not.toBe(declined.id);
  expect((await shop.payments.get({ orderId })).map(({ status }) => status)).toEqual(['FAILED', 'PAID']);
  expect(await eventTypes(engine)).toEqual(['order.placed', 'payment.failed', 'order.completed']);
  await expectLedgersAgree(engine);
});

test.for(['time-out-after', 'error-after'])(
  'money that was collected without an answer (%s) is found by the reconciler',
  async (token) => {
    const engine = await openTestShop();
    const { shop, orderId } = await waitingOrder(engine);

    const unknown = await shop.payments.pay({ orderId, method: 'test', token });
    expect(unknown).toMatchObject({ status: 'PENDING', orderStatus: 'WAITING', failureReason: null });
    expect(await refusal(shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
      reason: 'PAYMENT_IN_PROGRESS',
      details: { paymentId: unknown.id },
    });
    expect(await engine.reconcilePayments()).toBe(0);
    engine.clock.jump({ minutes: 1 });
    expect(await engine.reconcilePayments()).toBe(1);

    expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE', payment: { status: 'PAID' } });
    expect(await engine.reconcilePayments()).toBe(0);
    await expectLedgersAgree(engine);
  },
);

test('a call that never reached the provider goes on when it is made again with its key', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);
  const call = { orderId, method: 'test', idempotencyKey: 'pay-once' };
  engine.faults.provider.timesOut();

  expect(await shop.payments.pay(call)).toMatchObject({ status: 'PENDING' });
  expect(engine.provider.ledger).toEqual([]);
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(0);
  const paid = await shop.payments.pay(call);

  expect(paid).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE' });
  expect(await shop.payments.pay(call)).toEqual(paid);
  expect(engine.provider.ledger).toHaveLength(1);
  await expectLedgersAgree(engine);
});

test('the same call is answered alike, five times at once and ever after', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);
  const call = { orderId, method: 'test', idempotencyKey: 'pay-once' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => shop.payments.pay(call)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await shop.payments.pay(call)).toEqual(answers[0]);
  expect(await refusal(shop.payments.pay({ ...call, token: 'decline' }))).toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect(engine.provider.ledger).toHaveLength(1);

  const other = await waitingOrder(engine);
  const declining = { orderId: other.orderId, method: 'test', token: 'decline', idempotencyKey: 'pay-badly' };
  const declined = await other.shop.payments.pay(declining);
  await other.shop.payments.pay({ orderId: other.orderId, method: 'test' });
  expect(await other.shop.payments.pay(declining)).toEqual(declined);
});

test('of two calls at once one pays and the other is told so', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);
  const ended = await Promise.allSettled([1, 2].map(() => shop.payments.pay({ orderId, method: 'test' })));
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(engine.provider.ledger).toHaveLength(1);
  expect(await refusal(shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { orderId, status: 'COMPLETE' },
  });
  await expectLedgersAgree(engine);
});

test('what cannot be paid is refused, and nothing changes', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);
  const other = await customerWith(engine);
  const free = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { price: 1_000 });
  const complete = await free.shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], points: 1_000 });
  const before = await stateOf(engine);

  for (const method of ['points', 'cash', 'constructor', '__proto__']) {
    expect(await refusal(shop.payments.pay({ orderId, method }))).toMatchObject({
      reason: 'PAYMENT_METHOD_UNKNOWN',
      details: { method },
    });
  }
  expect(await refusal(other.shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_FOUND',
    details: { orderId },
  });
  expect(await refusal(shop.payments.pay({ orderId: 9_999, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_FOUND',
  });
  expect(await refusal(free.shop.payments.pay({ orderId: complete.id, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { status: 'COMPLETE' },
  });
  expect(await stateOf(engine)).toEqual(before);
  expect(engine.provider.ledger).toEqual([]);
});

test('an order can be paid one millisecond before its time is over and not at that moment', async () => {
  const engine = await openTestShop();
  const { shop, order, orderId } = await waitingOrder(engine);
  if (!order.expiresAt) throw new Error('A waiting order has its time.');
  engine.clock.jump(order.expiresAt);
  expect(await refusal(shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { orderId, status: 'WAITING' },
  });
  engine.clock.jump(new Date(order.expiresAt.getTime() - 1));
  expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({ status: 'PAID' });
});

test('a wrong amount pays nothing: the payment stays open and says what was wrong', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  const failureReason = 'The provider collected 2999 instead of 3000.';
  expect(await shop.payments.pay({ orderId, method: 'test', token: 'wrong-amount' })).toMatchObject({
    status: 'PENDING',
    orderStatus: 'WAITING',
    transactionId: null,
    failureReason,
  });

  const webhook = engine.provider.webhook(key, { at: engine.clock.now() });
  expect((await engine.deliverWebhook(webhook)).status).toBe(400);
  expect((await engine.deliverWebhook(webhook)).status).toBe(400);
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(0);

  expect(await engine.sql('select outcome, detail from provider_webhooks')).toEqual([
    { outcome: 'REFUSED', detail: failureReason },
    { outcome: 'REFUSED', detail: failureReason },
  ]);
  expect(await shop.orders.get({ orderId })).toMatchObject({
    status: 'WAITING',
    payment: { status: 'PENDING', failureReason },
  });
  // To pay again would be to pay twice.
  expect(await refusal(shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
    reason: 'PAYMENT_IN_PROGRESS',
  });
});

test('money that comes for an order that has ended goes back, once', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  engine.provider.beforeNextAnswer(() => endOrder(engine, orderId));

  const returned = await shop.payments.pay({ orderId, method: 'test' });

  expect(returned).toMatchObject({ status: 'REFUNDED', orderStatus: 'CANCELLED' });
  expect(engine.provider.held(key)).toBe(3_000);
  engine.faults.provider.timesOutAfterRefunds();
  expect(await engine.reconcilePayments()).toBe(0);
  expect(await engine.reconcilePayments()).toBe(1);
  expect(await engine.reconcilePayments()).toBe(0);

  expect(engine.provider.ledger).toMatchObject([{ key, refunds: [{ amount: 3_000 }] }]);
  const refunds = await engine.sql<{ amount: number; status: string }>('select amount, status from refunds');
  expect(refunds.map(({ amount, status }) => [Number(amount), status])).toEqual([[3_000, 'COMPLETE']]);
  expect(await refusal(shop.payments.pay({ orderId, method: 'test' }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { status: 'CANCELLED' },
  });
  expect(await eventTypes(engine)).toEqual(['order.placed', 'order.cancelled']);
  await expectLedgersAgree(engine);
});

test('a payment that never reached its provider fails once its order has ended', async () => {
  const engine = await openTestShop();
  const { shop, orderId } = await waitingOrder(engine);
  await shop.payments.pay({ orderId, method: 'test', token: 'time-out-before' });
  await endOrder(engine, orderId);
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(1);
  expect(await shop.payments.get({ orderId })).toMatchObject([
    { status: 'FAILED', failureReason: 'It never reached the provider.' },
  ]);
});

test('two rounds of the reconciler at once end each attempt once', async () => {
  const engine = await openTestShop();
  const waiting = await Promise.all(Array.from({ length: 30 }, () => waitingOrder(engine)));
  for (const { shop, orderId } of waiting)
    await shop.payments.pay({ orderId, method: 'test', token: 'time-out-after' });
  engine.clock.jump({ minutes: 1 });
  await Promise.all([engine.reconcilePayments(), engine.reconcilePayments()]);
  for (const { shop, orderId } of waiting) {
    expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE' });
  }
  expect((await eventTypes(engine)).filter((type) => type === 'order.completed')).toHaveLength(30);
  await expectLedgersAgree(engine);
});

/** A provider that collects, and then something goes wrong in the shop. */
class UnluckyProvider extends TestProvider {
  strike: () => Promise<unknown> = async () => {};

  override async collect(...collection: Parameters<TestProvider['collect']>) {
    const result = await super.collect(...collection);
    await this.strike();
    return result;
  }
}

test.each([
  {
    trouble: 'a queue that is full',
    isLogged: false,
    strikeAt: async (engine: TestEngine) => {
      const fault = engine.faults.overloaded({ times: 'every' });
      return async () => fault.end();
    },
  },
  {
    trouble: 'a database that fails',
    isLogged: true,
    strikeAt: async (engine: TestEngine) => {
      await engine.sql('alter table idempotency_records rename to lost_records');
      return () => engine.sql('alter table lost_records rename to idempotency_records');
    },
  },
])('money that was collected before $trouble is not denied, and asking again tells of it', async (given) => {
  const provider = new UnluckyProvider();
  const engine = await openTestShop({ providers: { unlucky: provider } });
  const { shop, orderId, key } = await waitingOrder(engine);
  const ending = async (call: PromiseLike<unknown>): Promise<unknown> => {
    let recover: () => Promise<unknown> = async () => {};
    provider.strike = async () => {
      recover = await given.strikeAt(engine);
    };
    const [ended] = await Promise.allSettled([call]);
    provider.strike = async () => {};
    await recover();
    return ended.status === 'rejected' ? ended.reason : new Error('The call was answered.');
  };

  const payment = await ending(shop.payments.pay({ orderId, method: 'unlucky' }, { retries: 0 }));
  expect(provider.held(key)).toBe(3_000);
  if (!isOutcomeUnknown(payment, 'payments.pay')) throw payment;
  expect(await payment.resolve()).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE' });

  const bought = await ending(shop.points.buy({ amount: 500, method: 'unlucky' }, { retries: 0 }));
  if (!isOutcomeUnknown(bought, 'points.buy')) throw bought;
  expect(await bought.resolve()).toMatchObject({ status: 'PAID', amount: 500 });
  expect(await shop.points.balance()).toMatchObject({ balance: 500 });
  expect(engine.internalErrors.length > 0).toBe(given.isLogged);
});
