import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTestEngine, type TestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sweepExpiredOrders } from '../src/index.ts';
import { expectNoDeadlocks } from './deadlocks.ts';
import { payOrder } from './pay.ts';
import { answersOf, reasonsOf } from './servers.ts';
import { couponWith, customerWith, productWith } from './shop-for-test.ts';

const ROUNDS = 200;
/** Two hundred rounds of several transactions each take their time on a busy machine. */
const RACES_MS = 180_000;

vi.setConfig({ testTimeout: RACES_MS });

/** How many turns of the event loop one contestant starts behind the other, at most. */
const HEAD_START_MAX = 12;

/** Two engines on one database, as two processes would have it. The books must be right at the end. */
async function openTwoEngines(): Promise<[TestEngine, TestEngine]> {
  const databaseUrl = await freshDatabaseUrl();
  expectNoDeadlocks(databaseUrl);
  const left = await createTestEngine({ databaseUrl });
  const right = await createTestEngine({ databaseUrl });
  onTestFinished(async () => {
    await Promise.all([left.close(), right.close()]);
  });
  return [left, right];
}

/** A customer with points and a coupon, and two products. */
async function openMarket(engine: TestEngine, { couponQuantity = 1 } = {}) {
  const { user } = await customerWith(engine, { points: 1_000_000 });
  const tea = await productWith(engine, { stock: 1_000, price: 777 });
  const honey = await productWith(engine, { stock: 1_000, price: 333 });
  const coupon = await couponWith(engine);
  const held = couponQuantity > 0 ? await engine.customer(user).coupons.claim({ couponId: coupon.id }) : undefined;
  return { user, tea, honey, held };
}

/**
 * Starts one after the other, some turns apart, so that over the rounds they meet at every point of their ways.
 * Now and then the later one waits for the end of the earlier one, so that each of them wins at times.
 */
async function race<A, B>(round: number, first: () => PromiseLike<A>, second: () => PromiseLike<B>) {
  const behind = Math.floor(round / 2) % HEAD_START_MAX;
  const headStartOf = async (earlier: PromiseLike<unknown>) => {
    if (behind === HEAD_START_MAX - 1) await Promise.allSettled([earlier]);
    for (let turn = 0; turn < behind; turn++) await nextTurn();
  };
  if (round % 2 === 0) {
    const earlier = first();
    return Promise.allSettled([earlier, headStartOf(earlier).then(second)]);
  }
  const earlier = second();
  return Promise.allSettled([headStartOf(earlier).then(first), earlier]);
}

test('of a cancellation and a sweep one ends the order, and the other finds it ended', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea, honey, held } = await openMarket(left);
  const items = [honey, tea].map(({ id: productId }) => ({ productId, quantity: 2 }));
  const won = { cancel: 0, sweep: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const coupon = held && { userCouponId: held.id };
    const { id: orderId } = await left.customer(user).orders.place({ items, points: 100, ...coupon });
    for (const { clock } of [left, right]) clock.jump({ minutes: 15 });

    const [cancelled, swept] = await race(
      round,
      () => left.customer(user).orders.cancel({ orderId }),
      () => sweepExpiredOrders(right.internals),
    );

    if (swept.status === 'rejected') throw swept.reason;
    if (cancelled.status === 'fulfilled') won.cancel++;
    else expect(reasonsOf([cancelled])).toEqual({ ORDER_NOT_WAITING: 1 });
    expect(swept.value).toBe(cancelled.status === 'fulfilled' ? 0 : 1);
    won.sweep += swept.value;
  }
  expect(won.cancel + won.sweep).toBe(ROUNDS);
  expect(won.cancel).toBeGreaterThan(0);
  expect(won.sweep).toBeGreaterThan(0);
  expect(await left.customer(user).points.balance()).toMatchObject({ balance: 1_000_000 });
  expect(await left.admin.products.get({ productId: tea.id })).toMatchObject({ quantity: 1_000 });
});

test('two sweeps at once cancel each of many expired orders once', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea } = await openMarket(left, { couponQuantity: 0 });
  const items = [{ productId: tea.id, quantity: 1 }];
  await Promise.all(Array.from({ length: 200 }, () => left.customer(user).orders.place({ items })));
  for (const { clock } of [left, right]) clock.jump({ minutes: 15 });

  const counts = await Promise.all([sweepExpiredOrders(left.internals), sweepExpiredOrders(right.internals)]);

  expect(counts[0] + counts[1]).toBe(200);
  expect(await left.admin.products.get({ productId: tea.id })).toMatchObject({ quantity: 1_000 });
});

test('of two whole refunds at once one gives everything back, and the other finds nothing left', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea, honey, held } = await openMarket(left);
  const items = [tea, honey].map(({ id: productId }) => ({ productId, quantity: 2 }));
  for (let round = 0; round < ROUNDS; round++) {
    const coupon = held && { userCouponId: held.id };
    const { id: orderId } = await left.customer(user).orders.place({ items, points: 100, ...coupon });
    await payOrder(right.internals, orderId);

    const ended = await race(
      round,
      () => left.admin.payments.refund({ orderId }),
      () => right.admin.payments.refund({ orderId }),
    );

    expect(answersOf(ended)).toMatchObject([{ isWhole: true, points: 100 }]);
    expect(reasonsOf(ended)).toEqual({ ORDER_NOT_REFUNDABLE: 1 });
  }
  expect(await left.customer(user).points.balance()).toMatchObject({ balance: 1_000_000 });
  expect(await left.admin.products.get({ productId: tea.id })).toMatchObject({ quantity: 1_000 });
});

test('of two refunds at once that together exceed a line one is made', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea } = await openMarket(left, { couponQuantity: 0 });
  for (let round = 0; round < ROUNDS; round++) {
    const { id: orderId } = await left
      .customer(user)
      .orders.place({ items: [{ productId: tea.id, quantity: 3 }], points: 100 });
    await payOrder(right.internals, orderId);
    const items = [{ productId: tea.id, quantity: 2 }];

    const ended = await race(
      round,
      () => left.admin.payments.refund({ orderId, items }),
      () => right.admin.payments.refund({ orderId, items }),
    );

    expect(answersOf(ended)).toMatchObject([{ isWhole: false }]);
    expect(reasonsOf(ended)).toEqual({ REFUND_EXCEEDS_ORDER: 1 });
  }
  expect(await left.admin.products.get({ productId: tea.id })).toMatchObject({ quantity: 1_000 - ROUNDS });
});

test('refunds of different lines at once are both made, the later one as the rest of the order', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea, honey, held } = await openMarket(left);
  const items = [tea, honey].map(({ id: productId }) => ({ productId, quantity: 3 }));
  for (let round = 0; round < ROUNDS; round++) {
    const coupon = held && { userCouponId: held.id };
    const order = await left.customer(user).orders.place({ items, points: 101, ...coupon });
    await payOrder(right.internals, order.id);
    const [ofTea, ofHoney] = items.map((item) => ({ orderId: order.id, items: [item] }));
    if (!ofTea || !ofHoney) throw new Error('There are two lines.');

    const ended = await race(
      round,
      () => left.admin.payments.refund(ofTea),
      () => right.admin.payments.refund(ofHoney),
    );

    const refunds = answersOf(ended);
    expect(reasonsOf(ended)).toEqual({});
    expect(refunds.map(({ isWhole }) => isWhole).sort()).toEqual([false, true]);
    expect(refunds.reduce((sum, { points }) => sum + points, 0)).toBe(101);
    expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(order.payableAmount);
  }
  expect(await left.customer(user).points.balance()).toMatchObject({ balance: 1_000_000 });
});

test('refunds, cancellations and new orders of the same products in any order never deadlock', async () => {
  const [left, right] = await openTwoEngines();
  const { user, tea, honey } = await openMarket(left, { couponQuantity: 0 });
  const lines = [tea, honey].map(({ id: productId }) => ({ productId, quantity: 1 }));
  const waiting: number[] = [];
  const paid: number[] = [];
  for (let round = 0; round < 60; round++) {
    const items = round % 2 === 0 ? lines : lines.toReversed();
    waiting.push((await left.customer(user).orders.place({ items })).id);
    paid.push((await left.customer(user).orders.place({ items, points: 1_110 })).id);
  }
  const ended = await Promise.allSettled([
    ...waiting.map((orderId, place) => [left, right][place % 2]?.customer(user).orders.cancel({ orderId })),
    ...paid.map((orderId, place) => [right, left][place % 2]?.admin.payments.refund({ orderId })),
    ...waiting.map((_, place) =>
      [left, right][place % 2]?.customer(user).orders.place({ items: lines.toReversed(), points: 1_110 }),
    ),
  ]);
  expect(reasonsOf(ended)).toEqual({});
});
