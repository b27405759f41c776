import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { sweepExpiredOrders } from '../src/index.ts';
import { payOrder, startPayment } from './pay.ts';
import { couponWith, customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

const HOLD_MS = 15 * 60 * 1000;

/** A customer whose order of two products waits for money, with a coupon and points in it. */
async function waitingOrder(engine: TestEngine) {
  const { user, shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { stock: 5, price: 3_000 });
  const honey = await productWith(engine, { stock: 9, price: 500 });
  const coupon = await couponWith(engine);
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const items = [
    { productId: tea.id, quantity: 2 },
    { productId: honey.id, quantity: 3 },
  ];
  const order = await shop.orders.place({ items, userCouponId: held.id, points: 1_000 });
  return { user, shop, tea, honey, coupon, held, items, order };
}

async function eventsOf(engine: TestEngine, orderId: number): Promise<string[]> {
  const rows = await engine.sql<{ type: string }>(
    `select type from outbox_events where aggregate_type = 'order' and aggregate_id = ${orderId} order by id`,
  );
  return rows.map(({ type }) => type);
}

test('a cancelled order gives back stock, points and coupon, each as its own entry', async () => {
  const engine = await openTestShop();
  const { shop, tea, honey, coupon, order } = await waitingOrder(engine);

  const cancelled = await shop.orders.cancel({ orderId: order.id, expectedVersion: order.version });

  expect(cancelled).toMatchObject({
    id: order.id,
    status: 'CANCELLED',
    expiresAt: null,
    completedAt: null,
    version: order.version + 1,
    payment: { id: order.payment.id, status: 'FAILED' },
  });
  expect(await shop.orders.get({ orderId: order.id })).toEqual(cancelled);
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
  expect((await shop.points.history()).items[0]).toMatchObject({ type: 'REFUND', amount: 1_000, orderId: order.id });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 5 });
  expect(await shop.products.get({ productId: honey.id })).toMatchObject({ quantity: 9 });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: false, usedAt: null, orderId: null }]);
  expect(await shop.coupons.get({ couponId: coupon.id })).toMatchObject({ issuedQuantity: 1, usedQuantity: 0 });
  const entries = await engine.sql(`select reason, quantity from stock_entries where reason = 'CANCEL' order by id`);
  expect(entries.map((entry) => JSON.stringify(entry).replaceAll('"', ''))).toEqual([
    '{reason:CANCEL,quantity:2}',
    '{reason:CANCEL,quantity:3}',
  ]);
  expect(await engine.sql('select failure_reason from payments')).toEqual([{ failure_reason: 'cancelled' }]);
  expect(await eventsOf(engine, order.id)).toEqual(['order.placed', 'order.cancelled']);
});

test('a coupon and pieces that came back can be used for another order', async () => {
  const engine = await openTestShop();
  const { shop, items, held, order } = await waitingOrder(engine);
  await shop.orders.cancel({ orderId: order.id });
  const again = await shop.orders.place({ items, userCouponId: held.id, points: 1_000 });
  expect(again).toMatchObject({ status: 'WAITING', discountAmount: order.discountAmount, usedPoint: 1_000 });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: true, orderId: again.id }]);
});

test('an order is cancelled once, and cancelling it again says what it is', async () => {
  const engine = await openTestShop();
  const { shop, order } = await waitingOrder(engine);
  const call = { orderId: order.id, idempotencyKey: 'cancel-it' };
  const answer = await shop.orders.cancel(call);
  const before = await stateOf(engine);
  expect(await shop.orders.cancel(call)).toEqual(answer);
  expect(await refusal(shop.orders.cancel({ orderId: order.id }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { orderId: order.id, status: 'CANCELLED' },
  });
  expect(await stateOf(engine)).toEqual(before);
});

test('an order that is paid, or of another customer, or of another version, is not cancelled', async () => {
  const engine = await openTestShop();
  const { shop, order, tea } = await waitingOrder(engine);
  const other = await customerWith(engine, { points: 3_000 });
  const paid = await other.shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], points: 3_000 });
  const before = await stateOf(engine);
  expect(await refusal(other.shop.orders.cancel({ orderId: paid.id }))).toMatchObject({
    reason: 'ORDER_NOT_WAITING',
    details: { orderId: paid.id, status: 'COMPLETE' },
  });
  for (const orderId of [order.id, 9_999]) {
    expect(await refusal(other.shop.orders.cancel({ orderId }))).toMatchObject({
      reason: 'ORDER_NOT_FOUND',
      details: { orderId },
    });
  }
  expect(await refusal(shop.orders.cancel({ orderId: order.id, expectedVersion: 7 }))).toMatchObject({
    reason: 'VERSION_CONFLICT',
    details: { expectedVersion: 7, currentVersion: order.version },
  });
  expect(await stateOf(engine)).toEqual(before);
});

test('a payment that a provider knows of stays open when its order is cancelled', async () => {
  const engine = await openTestShop();
  const { shop, order } = await waitingOrder(engine);
  await startPayment(engine.internals, order.id);
  expect(await shop.orders.cancel({ orderId: order.id })).toMatchObject({
    status: 'CANCELLED',
    payment: { status: 'PENDING', method: 'test' },
  });
});

test('a coupon that comes back after it expired stays expired', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const coupon = await couponWith(engine, { expiresAt: new Date('2026-01-01T00:10:00.000Z') });
  const { id: userCouponId } = await shop.coupons.claim({ couponId: coupon.id });
  const items = [{ productId: tea.id, quantity: 1 }];
  const order = await shop.orders.place({ items, userCouponId });
  engine.clock.jump({ minutes: 10 });
  await shop.orders.cancel({ orderId: order.id });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: false }]);
  expect(await refusal(shop.orders.place({ items, userCouponId }))).toMatchObject({ reason: 'COUPON_EXPIRED' });
});

test('points come back to a wallet even if it is full by then', async () => {
  const engine = await openTestShop();
  const { shop, user, order } = await waitingOrder(engine);
  const charge = () => engine.admin.points.charge({ userId: user.id, amount: 1_000_000_000 });
  await Promise.all(Array.from({ length: 1_000 }, charge));
  await shop.orders.cancel({ orderId: order.id });
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000_000_001_000 });
});

test('an order is swept at the moment at which it expires, and not a millisecond before', async () => {
  const engine = await openTestShop();
  const { shop, tea, order } = await waitingOrder(engine);
  engine.clock.jump({ milliseconds: HOLD_MS - 1 });
  expect(await sweepExpiredOrders(engine.internals)).toBe(0);
  expect(await shop.orders.get({ orderId: order.id })).toEqual(order);

  engine.clock.jump({ milliseconds: 1 });
  expect(await sweepExpiredOrders(engine.internals)).toBe(1);
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'CANCELLED' });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 5 });
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
  expect(await eventsOf(engine, order.id)).toEqual(['order.placed', 'order.cancelled']);
});

test('sweeping twice, also at once, cancels each order once', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { stock: 300 });
  const items = [{ productId: tea.id, quantity: 1 }];
  await Promise.all(Array.from({ length: 300 }, () => shop.orders.place({ items })));
  engine.clock.jump({ minutes: 15 });

  const counts = await Promise.all([sweepExpiredOrders(engine.internals), sweepExpiredOrders(engine.internals)]);
  expect(counts[0] + counts[1]).toBe(256);
  expect(await sweepExpiredOrders(engine.internals)).toBe(44);
  expect(await sweepExpiredOrders(engine.internals)).toBe(0);
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 300 });
});

test('a sweep leaves alone what was paid or cancelled before it came', async () => {
  const engine = await openTestShop();
  const { shop, tea, order } = await waitingOrder(engine);
  const paid = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await payOrder(engine.internals, paid.id);
  await shop.orders.cancel({ orderId: order.id });
  engine.clock.jump({ hours: 1 });
  expect(await sweepExpiredOrders(engine.internals)).toBe(0);
  expect(await shop.orders.get({ orderId: paid.id })).toMatchObject({ status: 'COMPLETE' });
});
