import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

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
    await engine.clock.set(at);
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
    await engine.clock.advance({ minutes: 1 });
  }
  const names: string[] = [];
  for await (const { name } of engine.anonymous.coupons.list({ limit: 2 })) names.push(name);
  expect(names).toEqual(['third', 'second', 'first']);
  const mine: string[] = [];
  for await (const { coupon } of shop.coupons.mine({ limit: 2 })) mine.push(coupon.name);
  expect(mine).toEqual(names);
});

test('an admin changes what is named of a coupon, and a stale version is refused', async () => {
  const engine = await openTestShop();
  const startsAt = new Date('2026-02-01T00:00:00.000Z');
  const expiresAt = new Date('2026-03-01T00:00:00.000Z');
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 1 });
  const changed = await engine.admin.coupons.update({
    couponId,
    expectedVersion: 1,
    name: 'New name',
    minOrderAmount: 2_000,
    maxDiscountAmount: 500,
    startsAt,
    expiresAt,
    totalQuantity: 7,
  });
  expect(changed).toMatchObject({
    name: 'New name',
    discountValue: 1_000,
    minOrderAmount: 2_000,
    maxDiscountAmount: 500,
    startsAt,
    expiresAt,
    totalQuantity: 7,
    version: 2,
  });
  expect(await engine.anonymous.coupons.get({ couponId })).toEqual(changed);
  expect(await refusal(engine.admin.coupons.update({ couponId, expectedVersion: 1, name: 'x' }))).toMatchObject({
    reason: 'VERSION_CONFLICT',
    details: { expectedVersion: 1, currentVersion: 2 },
  });
  const freed = await engine.admin.coupons.update({ couponId, minOrderAmount: null, startsAt: null, expiresAt: null });
  expect(freed).toMatchObject({ minOrderAmount: null, maxDiscountAmount: 500, startsAt: null, expiresAt: null });
  expect(await refusal(engine.admin.coupons.update({ couponId: 99, name: 'x' }))).toMatchObject({
    reason: 'COUPON_NOT_FOUND',
  });
});

test('a coupon cannot be made to end before it starts', async () => {
  const engine = await openTestShop();
  const startsAt = new Date('2026-02-01T00:00:00.000Z');
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 1, startsAt });
  expect(await refusal(engine.admin.coupons.update({ couponId, expiresAt: startsAt }))).toMatchObject({
    reason: 'INPUT_INVALID',
    details: { issues: [{ path: 'expiresAt', message: 'Must be later than startsAt.' }] },
  });
});

test('the quantity of a coupon is raised freely and never falls below what is issued', async () => {
  const engine = await openTestShop();
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 2 });
  for (let claimed = 0; claimed < 2; claimed++) await (await customerWith(engine)).shop.coupons.claim({ couponId });
  const late = await customerWith(engine);
  expect(await refusal(late.shop.coupons.claim({ couponId }))).toMatchObject({ reason: 'COUPON_EXHAUSTED' });
  expect(await refusal(engine.admin.coupons.update({ couponId, totalQuantity: 1 }))).toMatchObject({
    reason: 'COUPON_QUANTITY_BELOW_ISSUED',
    details: { totalQuantity: 1, issuedQuantity: 2 },
  });
  await engine.admin.coupons.update({ couponId, totalQuantity: 3 });
  await late.shop.coupons.claim({ couponId });
  expect(await engine.admin.coupons.update({ couponId, totalQuantity: 3 })).toMatchObject({ issuedQuantity: 3 });
});

test('a new end of a coupon holds for whoever claims it from now on', async () => {
  const engine = await openTestShop();
  const expiresAt = new Date('2026-02-01T00:00:00.000Z');
  const later = new Date('2026-03-01T00:00:00.000Z');
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 5, expiresAt });
  const early = await customerWith(engine);
  await early.shop.coupons.claim({ couponId });
  await engine.admin.coupons.update({ couponId, expiresAt: later });
  const late = await customerWith(engine);
  expect(await late.shop.coupons.claim({ couponId })).toMatchObject({ expiresAt: later });
  expect((await early.shop.coupons.mine()).items).toMatchObject([{ expiresAt, coupon: { expiresAt: later } }]);
});

test('an admin gives a coupon to a user, before its start too, but not twice, nor past its end or its quantity', async () => {
  const engine = await openTestShop();
  const startsAt = new Date('2026-02-01T00:00:00.000Z');
  const expiresAt = new Date('2026-03-01T00:00:00.000Z');
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 1, startsAt, expiresAt });
  const { user, shop } = await customerWith(engine);
  const other = await customerWith(engine);
  const issue = (userId: number) => engine.admin.coupons.issueTo({ couponId, userId });
  const held = await issue(user.id);
  expect(held).toMatchObject({ userId: user.id, couponId, used: false, revokedAt: null });
  expect((await shop.coupons.mine()).items.map(({ id }) => id)).toEqual([held.id]);
  const before = await stateOf(engine);
  expect(await refusal(issue(user.id))).toMatchObject({
    reason: 'COUPON_ALREADY_CLAIMED',
    details: { couponId, userCouponId: held.id },
  });
  expect(await refusal(issue(other.user.id))).toMatchObject({ reason: 'COUPON_EXHAUSTED' });
  expect(await refusal(issue(999))).toMatchObject({ reason: 'USER_NOT_FOUND', details: { userId: 999 } });
  expect(await refusal(engine.admin.coupons.issueTo({ couponId: 99, userId: user.id }))).toMatchObject({
    reason: 'COUPON_NOT_FOUND',
  });
  engine.clock.jump(expiresAt);
  expect(await refusal(issue(other.user.id))).toMatchObject({ reason: 'COUPON_EXPIRED' });
  expect(await stateOf(engine)).toEqual(before);
});

test('a coupon that was taken back stays issued, cannot be used, and cannot be claimed again', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { price: 1_500 });
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 5 });
  const { id: userCouponId } = await shop.coupons.claim({ couponId });
  expect(await refusal(engine.admin.coupons.revoke({ userCouponId, expectedVersion: 9 }))).toMatchObject({
    reason: 'VERSION_CONFLICT',
  });
  const revokedAt = new Date('2026-01-01T00:00:00.000Z');
  expect(await engine.admin.coupons.revoke({ userCouponId, expectedVersion: 1 })).toMatchObject({
    revokedAt,
    used: false,
    version: 2,
  });
  expect(await engine.anonymous.coupons.get({ couponId })).toMatchObject({ issuedQuantity: 1, usedQuantity: 0 });
  const before = await stateOf(engine);
  const revoked = { reason: 'COUPON_REVOKED', details: { userCouponId, revokedAt } };
  const order = { items: [{ productId: tea.id, quantity: 1 }], userCouponId };
  expect(await refusal(shop.orders.place(order))).toMatchObject(revoked);
  expect(await refusal(engine.admin.coupons.revoke({ userCouponId }))).toMatchObject(revoked);
  expect(await refusal(shop.coupons.claim({ couponId }))).toMatchObject({ reason: 'COUPON_ALREADY_CLAIMED' });
  expect(await refusal(engine.admin.coupons.revoke({ userCouponId: 99 }))).toMatchObject({
    reason: 'USER_COUPON_NOT_FOUND',
    details: { userCouponId: 99 },
  });
  expect(await stateOf(engine)).toEqual(before);
});

test('a coupon that was used is not taken back', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { price: 900 });
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 5 });
  const { id: userCouponId } = await shop.coupons.claim({ couponId });
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], userCouponId });
  expect(await refusal(engine.admin.coupons.revoke({ userCouponId }))).toMatchObject({
    reason: 'COUPON_ALREADY_USED',
    details: { userCouponId },
  });
});

test('of a use and a revocation at once, one wins and the other is refused', async () => {
  const engine = await openTestShop();
  const tea = await productWith(engine, { price: 900, stock: 100 });
  const { id: couponId } = await engine.admin.coupons.create({ ...FIXED, totalQuantity: 20 });
  for (let round = 0; round < 20; round++) {
    const { shop } = await customerWith(engine);
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const use = () => shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], userCouponId });
    const revoke = () => engine.admin.coupons.revoke({ userCouponId });
    const calls = round % 2 ? [use(), revoke()] : [revoke(), use()];
    const ended = await Promise.allSettled<unknown>(calls);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  }
});
