import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { sweepExpiredOrders } from '../src/index.ts';
import { payOrder } from './pay.ts';
import { couponWith, customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

/** A customer's paid order: seven pieces of one product, three of another, a coupon, points, and the rest in money. */
async function paidOrder(engine: TestEngine) {
  const { user, shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { stock: 10, price: 1_111 });
  const honey = await productWith(engine, { stock: 10, price: 1_112 });
  const coupon = await couponWith(engine);
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const items = [
    { productId: tea.id, quantity: 7 },
    { productId: honey.id, quantity: 3 },
  ];
  const order = await shop.orders.place({ items, userCouponId: held.id, points: 1_000 });
  await payOrder(engine.internals, order.id);
  return { user, shop, tea, honey, coupon, held, items, order };
}

test('an order that points alone have paid goes back whole: points, stock, coupon and sales', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 5_000 });
  const tea = await productWith(engine, { stock: 5, price: 2_000 });
  const coupon = await couponWith(engine);
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const items = [{ productId: tea.id, quantity: 2 }];
  const order = await shop.orders.place({ items, userCouponId: held.id, points: 3_600 });

  const refund = await engine.admin.payments.refund({ orderId: order.id, reason: 'Arrived broken' });

  expect(refund).toEqual({
    id: refund.id,
    orderId: order.id,
    paymentId: order.payment.id,
    items: [{ productId: tea.id, quantity: 2, amount: 3_600 }],
    amount: 0,
    points: 3_600,
    status: 'COMPLETE',
    isWhole: true,
    orderStatus: 'REFUNDED',
    reason: 'Arrived broken',
    createdAt: engine.clock.now(),
  });
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({
    status: 'REFUNDED',
    completedAt: order.createdAt,
    items: [{ quantity: 2, refundedQuantity: 2 }],
    payment: { status: 'REFUNDED', refundedAmount: 0 },
  });
  expect(await shop.points.balance()).toMatchObject({ balance: 5_000 });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 5 });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: false, orderId: null }]);
  expect(await salesOf(engine)).toEqual([{ quantity: 0, amount: 0, sold: 0 }]);
  expect(await engine.sql("select type from outbox_events where aggregate_type = 'order' order by id")).toEqual([
    { type: 'order.placed' },
    { type: 'order.completed' },
    { type: 'order.refunded' },
  ]);
  expect(await shop.orders.place({ items, userCouponId: held.id, points: 3_600 })).toMatchObject({
    status: 'COMPLETE',
  });
});

test('refunds by parts in odd amounts add up exactly to the money and the points', async () => {
  const engine = await openTestShop();
  const { shop, tea, honey, order } = await paidOrder(engine);
  const orderId = order.id;
  expect(order).toMatchObject({ totalAmount: 11_113, discountAmount: 1_111, usedPoint: 1_000, payableAmount: 9_002 });

  const parts = [
    await engine.admin.payments.refund({ orderId, items: [{ productId: tea.id, quantity: 2 }] }),
    await engine.admin.payments.refund({
      orderId,
      items: [
        { productId: honey.id, quantity: 1 },
        { productId: tea.id, quantity: 3 },
      ],
    }),
    await engine.admin.payments.refund({ orderId, items: [{ productId: honey.id, quantity: 2 }] }),
  ];
  for (const part of parts) expect(part).toMatchObject({ status: 'PENDING', isWhole: false, orderStatus: 'COMPLETE' });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: true, orderId }]);
  expect(await shop.orders.get({ orderId })).toMatchObject({
    status: 'COMPLETE',
    version: order.version + 4,
    items: [
      { productId: tea.id, refundedQuantity: 5 },
      { productId: honey.id, refundedQuantity: 3 },
    ],
    payment: { status: 'PAID', refundedAmount: parts.reduce((sum, { amount }) => sum + amount, 0) },
  });

  const last = await engine.admin.payments.refund({ orderId });

  expect(last).toMatchObject({ isWhole: true, orderStatus: 'REFUNDED', items: [{ productId: tea.id, quantity: 2 }] });
  const all = [...parts, last];
  expect(all.reduce((sum, { amount }) => sum + amount, 0)).toBe(9_002);
  expect(all.reduce((sum, { points }) => sum + points, 0)).toBe(1_000);
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 10 });
  expect(await shop.products.get({ productId: honey.id })).toMatchObject({ quantity: 10 });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: false, orderId: null }]);
  expect(await shop.orders.get({ orderId })).toMatchObject({ payment: { status: 'REFUNDED', refundedAmount: 9_002 } });
  expect(await engine.sql(`select type from outbox_events where type like 'order%refunded' order by id`)).toEqual([
    { type: 'order.part_refunded' },
    { type: 'order.part_refunded' },
    { type: 'order.part_refunded' },
    { type: 'order.refunded' },
  ]);
});

test('more than is left of an order does not go back, and nothing of such a refund does', async () => {
  const engine = await openTestShop();
  const { tea, honey, order } = await paidOrder(engine);
  const orderId = order.id;
  await engine.admin.payments.refund({ orderId, items: [{ productId: tea.id, quantity: 6 }] });
  const other = await productWith(engine);
  const before = await stateOf(engine);
  const tooMuch = [
    { productId: tea.id, quantity: 2, refundable: 1 },
    { productId: honey.id, quantity: 4, refundable: 3 },
    { productId: other.id, quantity: 1, refundable: 0 },
  ];
  for (const { productId, quantity, refundable } of tooMuch) {
    const items = [{ productId, quantity }];
    if (productId !== tea.id) items.unshift({ productId: tea.id, quantity: 1 });
    expect(await refusal(engine.admin.payments.refund({ orderId, items }))).toMatchObject({
      reason: 'REFUND_EXCEEDS_ORDER',
      details: { productId, requested: quantity, refundable },
    });
  }
  expect(await stateOf(engine)).toEqual(before);
});

test('only a complete order is refunded, until nothing of it is left, and at the version that was seen', async () => {
  const engine = await openTestShop();
  const { shop, tea, order } = await paidOrder(engine);
  const waiting = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  const cancelled = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await shop.orders.cancel({ orderId: cancelled.id });
  expect(await refusal(engine.admin.payments.refund({ orderId: order.id, expectedVersion: 1 }))).toMatchObject({
    reason: 'VERSION_CONFLICT',
    details: { expectedVersion: 1, currentVersion: 2 },
  });
  const call = { orderId: order.id, expectedVersion: 2, idempotencyKey: 'refund-it' };
  const refund = await engine.admin.payments.refund(call);
  const before = await stateOf(engine);

  expect(await engine.admin.payments.refund(call)).toEqual(refund);
  for (const [orderId, status] of [
    [order.id, 'REFUNDED'],
    [waiting.id, 'WAITING'],
    [cancelled.id, 'CANCELLED'],
  ] as const) {
    expect(await refusal(engine.admin.payments.refund({ orderId }))).toMatchObject({
      reason: 'ORDER_NOT_REFUNDABLE',
      details: { orderId, status },
    });
  }
  expect(await refusal(engine.admin.payments.refund({ orderId: 9_999 }))).toMatchObject({ reason: 'ORDER_NOT_FOUND' });
  expect(await refusal(shop.orders.cancel({ orderId: order.id }))).toMatchObject({ reason: 'ORDER_NOT_WAITING' });
  expect(await stateOf(engine)).toEqual(before);
});

test('what goes back counts off the day on which it was sold', async () => {
  const engine = await openTestShop();
  const { shop, tea, honey, order } = await paidOrder(engine);
  await engine.clock.advance({ days: 2 });
  const next = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await payOrder(engine.internals, next.id);
  const refund = await engine.admin.payments.refund({
    orderId: order.id,
    items: [{ productId: tea.id, quantity: 4 }],
  });
  const best = await engine.anonymous.products.bestSellers({ days: 3 });
  expect(best.map(({ product, quantity }) => [product.id, quantity])).toEqual([
    [tea.id, 4],
    [honey.id, 3],
  ]);
  const [line] = order.items;
  const worth = (line?.amount ?? 0) - (line?.discountAmount ?? 0);
  expect(await salesOf(engine, tea.id)).toEqual([
    { quantity: 3, amount: worth - refund.amount - refund.points, sold: 4 },
    { quantity: 1, amount: 1_111, sold: 4 },
  ]);
  expect(await salesOf(engine, honey.id)).toMatchObject([{ quantity: 3, sold: 3 }]);
});

test('a sweep does not touch a refunded order, and many refunds at once give back what there was', async () => {
  const engine = await openTestShop();
  const { shop, tea, honey, order } = await paidOrder(engine);
  const calls = [
    ...Array.from({ length: 10 }, () => ({ productId: tea.id, quantity: 1 })),
    ...Array.from({ length: 5 }, () => ({ productId: honey.id, quantity: 1 })),
  ].map((item) => engine.admin.payments.refund({ orderId: order.id, items: [item] }));
  const ended = await Promise.allSettled(calls);
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  engine.clock.jump({ days: 1 });
  expect(await sweepExpiredOrders(engine.internals)).toBe(0);
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({
    status: 'REFUNDED',
    payment: { refundedAmount: 9_002 },
  });
});

async function salesOf(engine: TestEngine, productId?: number) {
  const rows = await engine.sql<Record<'quantity' | 'amount' | 'sold', number | string>>(`
    select sale.quantity, sale.amount, product.sold_quantity as sold from daily_sales sale
    join products product on product.id = sale.product_id
    ${productId === undefined ? '' : `where product.id = ${productId}`} order by sale.day, sale.id`);
  return rows.map(({ quantity, amount, sold }) => ({
    quantity: Number(quantity),
    amount: Number(amount),
    sold: Number(sold),
  }));
}
