import type { Inputs } from '@baguni/sdk';
import { expect, test } from 'vitest';
import { couponWith, customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

type PlaceOrder = NonNullable<Inputs['orders']['place']>;

test('an order that points and a coupon pay in full is complete at once', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine, { points: 10_000 });
  const tea = await productWith(engine, { stock: 5, price: 3_000 });
  const coupon = await engine.admin.coupons.create({
    name: 'Ten percent',
    discountType: 'PERCENT',
    discountValue: 10,
    totalQuantity: 1,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  await shop.cart.addItem({ productId: tea.id, quantity: 2 });

  const order = await shop.orders.place({ userCouponId: held.id, points: 5_400 });

  expect(order).toMatchObject({
    userId: user.id,
    status: 'COMPLETE',
    totalAmount: 6_000,
    discountAmount: 600,
    usedPoint: 5_400,
    payableAmount: 0,
    expiresAt: null,
    payment: { status: 'PAID', amount: 0, method: 'points' },
    items: [{ productId: tea.id, productName: tea.name, price: 3_000, quantity: 2, amount: 6_000 }],
  });
  expect(await shop.points.balance()).toMatchObject({ balance: 4_600 });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 3 });
  expect((await shop.coupons.mine()).items).toMatchObject([{ used: true, orderId: order.id }]);
  expect(await shop.cart.get()).toMatchObject({ items: [], version: 0 });
  expect(await shop.orders.get({ orderId: order.id })).toEqual(order);
  expect(
    await engine.sql("select type, aggregate_id from outbox_events where aggregate_type = 'order' order by id"),
  ).toEqual([
    { type: 'order.placed', aggregate_id: expect.anything() },
    { type: 'order.completed', aggregate_id: expect.anything() },
  ]);
});

test('an order that leaves something to pay waits fifteen minutes and holds what it took', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { stock: 5, price: 3_000 });

  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], points: 1_000 });

  expect(order).toMatchObject({
    status: 'WAITING',
    payableAmount: 2_000,
    cartId: null,
    payment: { status: 'PENDING', amount: 2_000, method: null },
  });
  expect(order.expiresAt?.getTime()).toBe(order.createdAt.getTime() + 15 * 60 * 1_000);
  expect(await shop.points.balance()).toMatchObject({ balance: 0 });
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 4 });
  expect(await shop.payments.get({ orderId: order.id })).toEqual([order.payment]);
});

test('an order of named lines leaves the cart as it is', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const honey = await productWith(engine);
  const cart = await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  await shop.orders.place({ items: [{ productId: honey.id, quantity: 1 }] });
  expect(await shop.cart.get()).toEqual(cart);
});

test('an order keeps the name and price of its products when they change later', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { price: 3_000 });
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await engine.admin.products.update({ productId: tea.id, name: 'Green tea', price: 9_000 });
  expect(await shop.orders.get({ orderId: order.id })).toEqual(order);
});

test('an order is placed at the price of the day, and refused if the customer expected another total', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { price: 3_000 });
  await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  await engine.admin.products.update({ productId: tea.id, price: 3_500 });

  expect(await shop.cart.get()).toMatchObject({ items: [{ price: 3_500, priceWhenAdded: 3_000 }], totalAmount: 3_500 });
  expect(await refusal(shop.orders.place({ expectedTotalAmount: 3_000 }))).toMatchObject({
    reason: 'ORDER_TOTAL_CHANGED',
    details: { expectedTotalAmount: 3_000, totalAmount: 3_500 },
  });
  expect(await shop.orders.place({ expectedTotalAmount: 3_500 })).toMatchObject({ totalAmount: 3_500 });
});

test('each refused order says why and changes nothing', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 500 });
  const other = await customerWith(engine);
  const tea = await productWith(engine, { stock: 2, price: 1_000 });
  const hidden = await engine.admin.products.create({ name: 'Secret', price: 1, quantity: 1, status: 'HIDDEN' });
  const coupon = await engine.admin.coupons.create({
    name: 'Big orders',
    discountType: 'FIXED',
    discountValue: 100,
    minOrderAmount: 5_000,
    totalQuantity: 5,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const foreign = await other.shop.coupons.claim({ couponId: coupon.id });
  const items = [{ productId: tea.id, quantity: 1 }];
  const before = await stateOf(engine);

  const refusals: [PlaceOrder, string, object][] = [
    [{}, 'CART_EMPTY', {}],
    [{ items: [{ productId: 9_999, quantity: 1 }] }, 'PRODUCT_NOT_FOUND', { productId: 9_999 }],
    [{ items: [{ productId: hidden.id, quantity: 1 }] }, 'PRODUCT_NOT_ON_SALE', { productId: hidden.id }],
    [
      { items: [{ productId: tea.id, quantity: 3 }] },
      'STOCK_INSUFFICIENT',
      { productId: tea.id, requested: 3, available: 2 },
    ],
    [{ items, points: 501 }, 'POINTS_INSUFFICIENT', { requested: 501, available: 500 }],
    [{ items, points: 1_001 }, 'POINTS_EXCEED_PAYABLE', { requested: 1_001, payable: 1_000 }],
    [{ items, userCouponId: held.id }, 'COUPON_MINIMUM_NOT_MET', { minOrderAmount: 5_000, totalAmount: 1_000 }],
    [{ items, userCouponId: foreign.id }, 'USER_COUPON_NOT_FOUND', { userCouponId: foreign.id }],
    [{ items, userCouponId: 9_999 }, 'USER_COUPON_NOT_FOUND', { userCouponId: 9_999 }],
  ];
  for (const [input, reason, details] of refusals) {
    expect(await refusal(shop.orders.place(input))).toMatchObject({ reason, details });
  }
  expect(await stateOf(engine)).toEqual(before);
});

test('a coupon is used once', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const coupon = await engine.admin.coupons.create({
    name: 'Once',
    discountType: 'FIXED',
    discountValue: 100,
    totalQuantity: 5,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const items = [{ productId: tea.id, quantity: 1 }];
  await shop.orders.place({ items, userCouponId: held.id });
  expect(await refusal(shop.orders.place({ items, userCouponId: held.id }))).toMatchObject({
    reason: 'COUPON_ALREADY_USED',
  });
});

test('a coupon can be used one millisecond before it expires and not at that moment', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const expiresAt = new Date('2026-01-02T00:00:00.000Z');
  const coupon = await engine.admin.coupons.create({
    name: 'Today',
    discountType: 'FIXED',
    discountValue: 100,
    totalQuantity: 5,
    expiresAt,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const items = [{ productId: tea.id, quantity: 1 }];

  engine.clock.jump(expiresAt);
  expect(await refusal(shop.orders.place({ items, userCouponId: held.id }))).toMatchObject({
    reason: 'COUPON_EXPIRED',
    details: { couponId: coupon.id, expiresAt },
  });
  engine.clock.jump(new Date(expiresAt.getTime() - 1));
  expect(await shop.orders.place({ items, userCouponId: held.id })).toMatchObject({ discountAmount: 100 });
});

test('twenty orders at once for the last five pieces sell exactly five', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { stock: 5 });
  const calls = Array.from({ length: 20 }, () => shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] }));
  const ended = await Promise.allSettled(calls);
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(await shop.products.get({ productId: tea.id })).toMatchObject({ quantity: 0 });
  expect((await shop.orders.list({ limit: 100 })).items).toHaveLength(5);
});

test('the same key five times at once places one order and answers five times alike', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const items = [{ productId: tea.id, quantity: 1 }];
  const idempotencyKey = 'order-of-tea';
  const answers = await Promise.all(Array.from({ length: 5 }, () => shop.orders.place({ items, idempotencyKey })));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect((await shop.orders.list()).items).toHaveLength(1);

  expect(await shop.orders.place({ items, idempotencyKey })).toEqual(answers[0]);
  expect(
    await refusal(shop.orders.place({ items: [{ productId: tea.id, quantity: 2 }], idempotencyKey })),
  ).toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
});

test('a refusal is replayed under its key even when the call would succeed now', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { stock: 0 });
  const call = { items: [{ productId: tea.id, quantity: 1 }], idempotencyKey: 'too-early' };
  const first = await refusal(shop.orders.place(call));
  await engine.admin.products.adjustStock({ productId: tea.id, delta: 5 });
  expect(await refusal(shop.orders.place(call))).toEqual(first);
  expect(await shop.orders.place({ ...call, idempotencyKey: 'in-time' })).toMatchObject({ totalAmount: 1_000 });
});

test("another customer's order does not exist", async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const other = await customerWith(engine);
  const tea = await productWith(engine);
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  const orderId = order.id;
  const missing = { reason: 'ORDER_NOT_FOUND', details: { orderId } };
  expect(await refusal(other.shop.orders.get({ orderId }))).toMatchObject(missing);
  expect(await refusal(other.shop.payments.get({ orderId }))).toMatchObject(missing);
  expect((await other.shop.orders.list()).items).toEqual([]);
});

test('orders are listed newest first, page by page, each exactly once', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { stock: 100 });
  for (let placed = 0; placed < 7; placed++) {
    await engine.clock.advance({ seconds: placed % 2 });
    await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  }
  const ids: number[] = [];
  for await (const order of shop.orders.list({ limit: 2 })) ids.push(order.id);
  expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

test('an order is told alike by whoever changes it, by get, by the list and by the search', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine, { points: 10_000 });
  const [tea, honey] = [await productWith(engine, { price: 1_000 }), await productWith(engine, { price: 333 })];
  // The lines keep the order in which they were named, whatever the products' ids are.
  const items = [
    { productId: honey.id, quantity: 1 },
    { productId: tea.id, quantity: 2 },
  ];
  const coupon = await couponWith(engine);
  const { id: userCouponId } = await shop.coupons.claim({ couponId: coupon.id });
  const complete = await shop.orders.place({ items, userCouponId, points: 2_100 });
  await engine.clock.advance({ seconds: 1 });
  const { id: cancelledId } = await shop.orders.place({ items });
  const cancelled = await shop.orders.cancel({ orderId: cancelledId });
  const retried = await shop.orders.place({ items, points: 33 });
  const paidLater = { orderId: retried.id, method: 'test' };
  await shop.payments.pay({ ...paidLater, token: 'decline' });
  const { orderStatus, nextUrl, ...payment } = await shop.payments.pay(paidLater);
  const waiting = await shop.orders.place({ items: items.toReversed() });

  const { items: listed } = await shop.orders.list();
  expect(listed.map(({ id }) => id)).toEqual([waiting.id, retried.id, cancelled.id, complete.id]);
  const [first, second, ...others] = listed;
  expect([first, ...others]).toEqual([waiting, cancelled, complete]);
  expect(second).toEqual({
    ...retried,
    status: orderStatus,
    expiresAt: null,
    completedAt: engine.clock.now(),
    version: retried.version + 1,
    payment,
  });
  expect(listed.map((order) => order.items.map(({ productId }) => productId))).toEqual([
    [tea.id, honey.id],
    ...Array.from({ length: 3 }, () => [honey.id, tea.id]),
  ]);
  expect((await engine.admin.orders.search({ userId: user.id })).items).toEqual(listed);
  for (const order of listed) expect(await shop.orders.get({ orderId: order.id })).toEqual(order);
});
