import { expect, test } from 'vitest';
import { customerWith, openTestShop, refusal, stateOf } from './shop-for-test.ts';

const FIXED = { name: 'A thousand off', discountType: 'FIXED', discountValue: 1_000 } as const;

test('thirty customers claim ten coupons at once: the first ten get one each', async () => {
  const engine = await openTestShop();
  const coupon = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 10 });
  const customers = await Promise.all(Array.from({ length: 30 }, () => customerWith(engine)));
  const claims = await Promise.allSettled(customers.map(({ shop }) => shop.coupons.claim({ couponId: coupon.id })));
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await engine.anonymous.coupons.get({ couponId: coupon.id })).toMatchObject({
    issuedQuantity: 10,
    usedQuantity: 0,
  });
});

test('a coupon is claimed once a user, and the second claim names the first', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const coupon = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 10 });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  expect(await refusal(shop.coupons.claim({ couponId: coupon.id }))).toMatchObject({
    reason: 'COUPON_ALREADY_CLAIMED',
    details: { couponId: coupon.id, userCouponId: held.id },
  });
});

test('one customer who claims five times at once gets one coupon', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const coupon = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 10 });
  const claims = await Promise.allSettled(Array.from({ length: 5 }, () => shop.coupons.claim({ couponId: coupon.id })));
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await shop.coupons.mine()).items).toHaveLength(1);
});

test('a coupon is claimed from its start on and until one millisecond before its end', async () => {
  const engine = await openTestShop();
  const startsAt = new Date('2026-02-01T00:00:00.000Z');
  const expiresAt = new Date('2026-02-02T00:00:00.000Z');
  const coupon = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 10, startsAt, expiresAt });
  const couponId = coupon.id;
  const claimAt = async (at: Date) => {
    engine.clock.set(at);
    const { shop } = await customerWith(engine);
    return shop.coupons.claim({ couponId });
  };
  const before = (at: Date) => new Date(at.getTime() - 1);

  expect(await refusal(claimAt(before(startsAt)))).toMatchObject({
    reason: 'COUPON_NOT_STARTED',
    details: { couponId, startsAt },
  });
  expect(await claimAt(startsAt)).toMatchObject({ issuedAt: startsAt, expiresAt });
  expect(await claimAt(before(expiresAt))).toMatchObject({ issuedAt: before(expiresAt) });
  expect(await refusal(claimAt(expiresAt))).toMatchObject({
    reason: 'COUPON_EXPIRED',
    details: { couponId, expiresAt },
  });
});

test('a refused claim changes nothing', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const late = await customerWith(engine);
  const coupon = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 1 });
  await shop.coupons.claim({ couponId: coupon.id });
  const state = await stateOf(engine);
  expect(await refusal(late.shop.coupons.claim({ couponId: coupon.id }))).toMatchObject({
    reason: 'COUPON_EXHAUSTED',
    details: { couponId: coupon.id, totalQuantity: 1 },
  });
  expect(await refusal(late.shop.coupons.claim({ couponId: 9_999 }))).toMatchObject({ reason: 'COUPON_NOT_FOUND' });
  expect(await stateOf(engine)).toEqual(state);
});

test('the list of coupons and of my coupons are read newest first', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  for (const name of ['first', 'second', 'third']) {
    const coupon = await engine.admin.coupons.create({ ...FIXED, name, totalQuantity: 10 });
    await shop.coupons.claim({ couponId: coupon.id });
    engine.clock.advance({ minutes: 1 });
  }
  const names: string[] = [];
  for await (const { name } of engine.anonymous.coupons.list({ limit: 2 })) names.push(name);
  expect(names).toEqual(['third', 'second', 'first']);
  const mine: string[] = [];
  for await (const { coupon } of shop.coupons.mine({ limit: 2 })) mine.push(coupon.name);
  expect(mine).toEqual(names);
});
