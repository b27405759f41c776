import { expect, test } from 'vitest';
import { couponWith, customerWith, openTestShop, productWith, stateOf } from './shop-for-test.ts';

test('a quote tells what placing the order then costs, and changes nothing', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 4_000 });
  const tea = await productWith(engine, { price: 3_333 });
  const honey = await productWith(engine, { price: 100 });
  const coupon = await couponWith(engine);
  const held = await shop.coupons.claim({ couponId: coupon.id });
  await shop.cart.addItem({ productId: tea.id, quantity: 2 });
  await shop.cart.addItem({ productId: honey.id, quantity: 1 });
  const before = await stateOf(engine);

  const quote = await shop.orders.quote({ userCouponId: held.id, points: 1_500 });

  expect(await stateOf(engine)).toEqual(before);
  expect(quote).toMatchObject({
    totalAmount: 6_766,
    discountAmount: 676,
    pointsUsable: 4_000,
    usedPoint: 1_500,
    payableAmount: 4_590,
    couponProblem: null,
    problems: [],
  });
  const order = await shop.orders.place({
    userCouponId: held.id,
    points: 1_500,
    expectedTotalAmount: quote.totalAmount,
  });
  for (const key of ['totalAmount', 'discountAmount', 'usedPoint', 'payableAmount'] as const) {
    expect(order[key]).toBe(quote[key]);
  }
  expect(order.items).toMatchObject(quote.items);
});

test('a quote of named lines says how many points can be used at most', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 5_000 });
  const tea = await productWith(engine, { price: 1_000 });
  const items = [{ productId: tea.id, quantity: 2 }];
  expect(await shop.orders.quote({ items })).toMatchObject({ pointsUsable: 2_000, usedPoint: 0, payableAmount: 2_000 });
  expect(await shop.orders.quote({ items, points: 3_000 })).toMatchObject({
    usedPoint: 2_000,
    payableAmount: 0,
    problems: [{ reason: 'POINTS_EXCEED_PAYABLE', details: { requested: 3_000, payable: 2_000 } }],
  });
});

test('a quote says why a coupon does not apply, and reckons without it', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const other = await customerWith(engine);
  const tea = await productWith(engine, { price: 1_000 });
  const items = [{ productId: tea.id, quantity: 1 }];
  const small = await couponWith(engine, { minOrderAmount: 5_000 });
  const brief = await couponWith(engine, { expiresAt: new Date('2026-01-01T00:01:00.000Z') });
  const plain = await couponWith(engine);
  const [tooSmall, expired, used] = [
    await shop.coupons.claim({ couponId: small.id }),
    await shop.coupons.claim({ couponId: brief.id }),
    await shop.coupons.claim({ couponId: plain.id }),
  ];
  const taken = await shop.coupons.claim({ couponId: (await couponWith(engine)).id });
  await engine.admin.coupons.revoke({ userCouponId: taken.id });
  const foreign = await other.shop.coupons.claim({ couponId: plain.id });
  await shop.orders.place({ items, userCouponId: used.id });
  await engine.clock.advance({ minutes: 1 });

  const cases: [number, string][] = [
    [tooSmall.id, 'COUPON_MINIMUM_NOT_MET'],
    [expired.id, 'COUPON_EXPIRED'],
    [used.id, 'COUPON_ALREADY_USED'],
    [taken.id, 'COUPON_REVOKED'],
    [foreign.id, 'USER_COUPON_NOT_FOUND'],
  ];
  for (const [userCouponId, reason] of cases) {
    expect(await shop.orders.quote({ items, userCouponId }), reason).toMatchObject({
      totalAmount: 1_000,
      discountAmount: 0,
      payableAmount: 1_000,
      couponProblem: { reason },
      problems: [],
    });
  }
});

test('a quote names everything that stands in the way at once', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 10 });
  const tea = await productWith(engine, { stock: 2, price: 1_000 });
  const hidden = await engine.admin.products.create({ name: 'Secret', price: 1, quantity: 1, status: 'HIDDEN' });
  const items = [
    { productId: tea.id, quantity: 3 },
    { productId: hidden.id, quantity: 1 },
    { productId: 9_999, quantity: 1 },
  ];
  const quote = await shop.orders.quote({ items, points: 20, expectedTotalAmount: 1 });
  expect(quote.problems.map(({ reason }) => reason)).toEqual([
    'STOCK_INSUFFICIENT',
    'PRODUCT_NOT_ON_SALE',
    'PRODUCT_NOT_FOUND',
    'ORDER_TOTAL_CHANGED',
    'POINTS_INSUFFICIENT',
  ]);
  expect(quote).toMatchObject({ items: [{ productId: tea.id, quantity: 3 }], totalAmount: 3_000, usedPoint: 10 });
  expect(await shop.orders.quote()).toMatchObject({ items: [], totalAmount: 0, problems: [{ reason: 'CART_EMPTY' }] });
});
