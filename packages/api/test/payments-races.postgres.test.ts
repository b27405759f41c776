import { createTestEngine, type TestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { sweepExpiredOrders } from '../src/index.ts';
import { expectLedgersAgree, waitingOrder } from './payments-for-test.ts';
import { reasonsOf } from './servers.ts';

type WaitingOrder = Awaited<ReturnType<typeof waitingOrder>>;

const ROUNDS = 200;
/** Longer than a WAITING order holds what it took. */
const HOLD_AND_MORE_MS = 16 * 60 * 1_000;
/** How many rounds are under way at once, each about an order of its own. */
const AT_ONCE = 8;
const RACE_TIMEOUT_MS = 300_000;

/** Two engines on one database and one provider, as two processes would be. */
async function openTwo(databaseUrl?: string): Promise<[TestEngine, TestEngine]> {
  databaseUrl ??= await freshDatabaseUrl();
  const one = await createTestEngine({ databaseUrl });
  const two = await createTestEngine({ databaseUrl, provider: one.provider });
  onTestFinished(() => one.close());
  onTestFinished(() => two.close());
  return [one, two];
}

async function rounds(race: (round: number) => Promise<void>): Promise<void> {
  const queue = Array.from({ length: ROUNDS }, (_, round) => round).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const round of queue) await race(round);
    }),
  );
}

/** Lets every open end end, then compares what is paid with what the provider holds. */
async function expectSettled([one, two]: [TestEngine, TestEngine]): Promise<void> {
  for (const engine of [one, two]) engine.clock.jump({ minutes: 2 });
  for (let turn = 0; turn < 4; turn++) await Promise.all([one.reconcilePayments(), two.reconcilePayments()]);
  expect(await one.sql("select id from payments where status = 'PENDING' and started_at is not null")).toEqual([]);
  expect(await one.sql("select id from refunds where status <> 'COMPLETE'")).toEqual([]);
  expect(
    await one.sql("select order_id from payments where status = 'PAID' group by order_id having count(*) > 1"),
  ).toEqual([]);
  expect(
    await one.sql(`
      select placed.id from orders placed
      join payments payment on payment.order_id = placed.id and payment.status = 'REFUNDED'
      left join refunds refund on refund.payment_id = payment.id
      group by placed.id, payment.id, payment.amount having coalesce(sum(refund.amount), 0) <> payment.amount`),
  ).toEqual([]);
  await expectLedgersAgree(one);
}

async function countOf(engine: TestEngine, from: string): Promise<number> {
  const [row] = await engine.sql<{ count: string }>(`select count(*) as count from ${from}`);
  return Number(row?.count);
}

test('two calls to pay one order at once: one pays, and the other is told so', {
  timeout: RACE_TIMEOUT_MS,
}, async () => {
  const engines = await openTwo();
  const [one, two] = engines;
  await rounds(async (round) => {
    const { user, orderId } = await waitingOrder(one);
    const token = round % 3 === 0 ? 'time-out-after' : 'approve';
    const ended = await Promise.allSettled([
      one.customer(user).payments.pay({ orderId, method: 'test', token }),
      two.customer(user).payments.pay({ orderId, method: 'test', token }),
    ]);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [reason] = Object.keys(reasonsOf(ended));
    expect(['PAYMENT_IN_PROGRESS', 'ORDER_NOT_WAITING']).toContain(reason);
  });
  await expectSettled(engines);
  expect(one.provider.ledger).toHaveLength(ROUNDS);
  expect(await countOf(one, "orders where status = 'COMPLETE'")).toBe(ROUNDS);
});

test('one call to pay made twice at once with its key is one payment', { timeout: RACE_TIMEOUT_MS }, async () => {
  const engines = await openTwo();
  const [one, two] = engines;
  await rounds(async () => {
    const { user, orderId } = await waitingOrder(one);
    const call = { orderId, method: 'test', idempotencyKey: `pay-${orderId}` };
    const [first, second] = await Promise.all([
      one.customer(user).payments.pay(call),
      two.customer(user).payments.pay(call),
    ]);
    expect(first).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE' });
    expect(second).toEqual(first);
  });
  await expectSettled(engines);
  expect(one.provider.ledger).toHaveLength(ROUNDS);
});

test('a webhook and the answer that it is about complete the order once', { timeout: RACE_TIMEOUT_MS }, async () => {
  const engines = await openTwo();
  const [one, two] = engines;
  await rounds(async (round) => {
    const { user, orderId, key } = await waitingOrder(one);
    const webhook = one.provider.webhook(key, { at: one.clock.now() });
    const token = round % 2 === 0 ? 'approve' : 'time-out-after';
    let isUnderWay = true;
    const paying = one
      .customer(user)
      .payments.pay({ orderId, method: 'test', token })
      .finally(() => {
        isUnderWay = false;
      });
    const deliver = async () => {
      const both = await Promise.all([one.deliverWebhook(webhook), two.deliverWebhook(webhook)]);
      return both.some(({ status }) => status === 204);
    };
    // The provider sends it again until it is taken. It may come before the money does, and never too late.
    let isTaken = false;
    while (isUnderWay && !isTaken) isTaken = await deliver();
    await paying;
    expect(isTaken || (await deliver())).toBe(true);
  });
  await expectSettled(engines);
  expect(await countOf(one, "provider_webhooks where outcome = 'ACCEPTED'")).toBe(ROUNDS);
  expect(await countOf(one, "outbox_events where type = 'order.completed'")).toBe(ROUNDS);
});

test('a reconciler, a webhook and the customer who asks again credit points once', {
  timeout: RACE_TIMEOUT_MS,
}, async () => {
  const engines = await openTwo();
  const [one, two] = engines;
  const { user } = await waitingOrder(one);
  const shop = one.customer(user);
  for (let round = 0; round < ROUNDS; round++) {
    const call = { amount: 10, method: 'test', token: 'time-out-after', idempotencyKey: `buy-${round}` };
    const { id } = await shop.points.buy(call);
    for (const engine of engines) engine.clock.jump({ minutes: 2 });
    const webhook = one.provider.webhook(`charge-${id}`, { at: one.clock.now() });
    await Promise.all([
      one.reconcilePayments(),
      two.reconcilePayments(),
      one.deliverWebhook(webhook),
      two.deliverWebhook(webhook),
      two.customer(user).points.buy(call),
    ]);
  }
  expect(await shop.points.balance()).toMatchObject({ balance: ROUNDS * 10 });
  await expectSettled(engines);
});

/** Pays an order while it ends some other way, and sees that it is paid, or that the money goes back. */
async function raceWithEnd(engines: [TestEngine, TestEngine], end: (order: WaitingOrder) => Promise<unknown>) {
  const [one, two] = engines;
  const returnedKey = await endWhilePaying(engines, end);
  const outcomes: Record<string, number> = {};
  await rounds(async (round) => {
    const order = await waitingOrder(one);
    const { user, orderId } = order;
    const token = round % 3 === 0 ? 'time-out-after' : 'approve';
    const paying = Promise.allSettled([two.customer(user).payments.pay({ orderId, method: 'test', token })]);
    // Asked a little later each time, so that the end meets the payment at each of its steps.
    for (let turn = 0; turn < round % 40; turn++) await new Promise(setImmediate);
    const [ended] = await Promise.allSettled([end(order)]);
    const [paid] = await paying;
    const isPaid = paid.status === 'fulfilled' && paid.value.status === 'PAID';
    const [row] = await one.sql<{ status: string }>(`select status from orders where id = ${orderId}`);
    // Whoever is told of success is right, and whoever lost is told why.
    if (isPaid) expect(row?.status).toBe('COMPLETE');
    if (paid.status === 'rejected') expect(reasonsOf([paid])).toEqual({ ORDER_NOT_WAITING: 1 });
    if (ended.status === 'rejected') expect(reasonsOf([ended])).toEqual({ ORDER_NOT_WAITING: 1 });
    const name = `${paid.status === 'fulfilled' ? paid.value.status : 'refused'} ${row?.status}`;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
  });
  await expectSettled(engines);
  expect(outcomes['PAID CANCELLED'] ?? 0).toBe(0);
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(ROUNDS);
  expect(one.provider.held(returnedKey)).toBe(0);
}

/** Pays an order that ends when the provider has the money and has not said so yet; answers the key of the money that goes back. */
async function endWhilePaying([one, two]: [TestEngine, TestEngine], end: (order: WaitingOrder) => Promise<unknown>) {
  const order = await waitingOrder(one);
  const { user, orderId, key } = order;
  one.provider.beforeNextAnswer(async () => {
    expect(one.provider.held(key)).toBe(order.order.payableAmount);
    await end(order);
  });
  const paid = await two.customer(user).payments.pay({ orderId, method: 'test' });
  expect(paid).toMatchObject({ status: 'REFUNDED', orderStatus: 'CANCELLED' });
  return key;
}

test('a payment and a cancellation: it is paid, or the money goes back', { timeout: RACE_TIMEOUT_MS }, async () => {
  const engines = await openTwo();
  await raceWithEnd(engines, ({ shop, orderId }) => shop.orders.cancel({ orderId }));
});

test('a payment and the end of its time: it is paid, or the money goes back', {
  timeout: RACE_TIMEOUT_MS,
}, async () => {
  const databaseUrl = await freshDatabaseUrl();
  const engines = await openTwo(databaseUrl);
  // A process for which the time is over already, while the customer's call is still under way.
  const late = await createTestEngine({
    databaseUrl,
    now: new Date(engines[0].clock.now().getTime() + HOLD_AND_MORE_MS),
  });
  onTestFinished(() => late.close());
  await raceWithEnd(engines, () => sweepExpiredOrders(late.internals));
});
