import assert from 'node:assert/strict';
import type { Inputs } from '@baguni/sdk';
import { feature, needs } from '../behaviour.ts';
import { assertRefused, NOBODY } from '../expectations.ts';
import { after, HOUR_MS, lineOf, type Trial } from '../trial.ts';

/** What a coupon takes off an order of one product at this price. */
async function discountOf(trial: Trial, price: number, fields: Partial<Inputs['coupons']['create']>): Promise<number> {
  const { shop } = await trial.customer();
  const [product, coupon] = [await trial.product({ price }), await trial.coupon(fields)];
  const { id: userCouponId } = await shop.coupons.claim({ couponId: coupon.id });
  const order = await shop.orders.place({ items: [lineOf(product)], userCouponId });
  assert.equal(order.payableAmount, price - order.discountAmount);
  return order.discountAmount;
}

export const coupons = feature('Coupons', {
  'a fixed coupon takes its amount off, and never more than the order totals': async (trial) => {
    assert.equal(await discountOf(trial, 1_000, { discountType: 'FIXED', discountValue: 300 }), 300);
    assert.equal(await discountOf(trial, 1_000, { discountType: 'FIXED', discountValue: 5_000 }), 1_000);
  },

  'a percent coupon rounds down and stops at its cap': async (trial) => {
    assert.equal(await discountOf(trial, 999, { discountType: 'PERCENT', discountValue: 15 }), 149);
    const capped = { discountType: 'PERCENT', discountValue: 50, maxDiscountAmount: 400 } as const;
    assert.equal(await discountOf(trial, 1_000, capped), 400);
    assert.equal(await discountOf(trial, 700, capped), 350);
  },

  'an order below the minimum cannot use the coupon, and one that meets it can': async (trial) => {
    const { shop } = await trial.customer();
    const [below, at] = [await trial.product({ price: 4_999 }), await trial.product({ price: 5_000 })];
    const { id: couponId } = await trial.coupon({ minOrderAmount: 5_000 });
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const call = shop.orders.place({ items: [lineOf(below)], userCouponId });
    await assertRefused(call, 'COUPON_MINIMUM_NOT_MET', { minOrderAmount: 5_000, totalAmount: 4_999 });
    const order = await shop.orders.place({ items: [lineOf(at)], userCouponId });
    assert.partialDeepStrictEqual(order, { discountAmount: 100, userCouponId });
  },

  'a customer can claim a coupon once': async (trial) => {
    const { user, shop } = await trial.customer();
    const { id: couponId } = await trial.coupon();
    const held = await shop.coupons.claim({ couponId });
    assert.partialDeepStrictEqual(held, { userId: user.id, couponId, used: false, orderId: null });
    await assertRefused(shop.coupons.claim({ couponId }), 'COUPON_ALREADY_CLAIMED', {
      couponId,
      userCouponId: held.id,
    });
    assert.partialDeepStrictEqual(await trial.anonymous.coupons.get({ couponId }), { issuedQuantity: 1 });
  },

  'exactly as many are issued as there are': async (trial) => {
    const { id: couponId } = await trial.coupon({ totalQuantity: 2 });
    const [first, second, third] = await trial.customers(3);
    await first?.shop.coupons.claim({ couponId });
    await second?.shop.coupons.claim({ couponId });
    assert.ok(third);
    await assertRefused(third.shop.coupons.claim({ couponId }), 'COUPON_EXHAUSTED', { couponId, totalQuantity: 2 });
    await assertRefused(trial.admin.coupons.issueTo({ couponId, userId: third.user.id }), 'COUPON_EXHAUSTED');
    assert.partialDeepStrictEqual(await trial.admin.coupons.get({ couponId }), { issuedQuantity: 2, usedQuantity: 0 });
  },

  'before it starts a coupon cannot be claimed, but an admin can hand it out': async (trial) => {
    const { user, shop } = await trial.customer();
    const startsAt = after(await trial.now(), HOUR_MS);
    const { id: couponId } = await trial.coupon({ startsAt });
    await assertRefused(shop.coupons.claim({ couponId }), 'COUPON_NOT_STARTED', { couponId, startsAt });
    assert.partialDeepStrictEqual(await trial.admin.coupons.issueTo({ couponId, userId: user.id }), { couponId });
  },

  'after it has ended a coupon cannot be claimed': async (trial) => {
    const { shop } = await trial.customer();
    const expiresAt = after(await trial.now(), -HOUR_MS);
    const { id: couponId } = await trial.coupon({ expiresAt });
    await assertRefused(shop.coupons.claim({ couponId }), 'COUPON_EXPIRED', { couponId, expiresAt });
  },

  'a coupon can be claimed at the moment of its start and until a millisecond before its end': needs(
    'clock',
    async (trial, clock) => {
      const now = await clock.now();
      const [startsAt, expiresAt] = [after(now, 1_000), after(now, 2_000)];
      const { id: couponId } = await trial.coupon({ startsAt, expiresAt });
      const [early, first, last] = await trial.customers(3);
      assert.ok(early && first && last);
      await clock.advance({ milliseconds: 999 });
      await assertRefused(early.shop.coupons.claim({ couponId }), 'COUPON_NOT_STARTED');
      await clock.advance({ milliseconds: 1 });
      await first.shop.coupons.claim({ couponId });
      await clock.advance({ milliseconds: 999 });
      await last.shop.coupons.claim({ couponId });
      await clock.advance({ milliseconds: 1 });
      await assertRefused(early.shop.coupons.claim({ couponId }), 'COUPON_EXPIRED', { couponId, expiresAt });
    },
  ),

  'a claimed coupon can be used until a millisecond before its end': needs('clock', async (trial, clock) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const expiresAt = after(await clock.now(), 1_000);
    const { id: couponId } = await trial.coupon({ expiresAt });
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const place = () => shop.orders.place({ items: [lineOf(product)], userCouponId });
    await clock.advance({ milliseconds: 999 });
    const order = await place();
    await shop.orders.cancel({ orderId: order.id });
    await clock.advance({ milliseconds: 1 });
    await assertRefused(place(), 'COUPON_EXPIRED', { couponId, expiresAt });
  }),

  'a coupon is used once': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const order = await shop.orders.place({ items: [lineOf(product)], userCouponId });
    const again = shop.orders.place({ items: [lineOf(product)], userCouponId });
    await assertRefused(again, 'COUPON_ALREADY_USED', { userCouponId });
    const { items } = await shop.coupons.mine();
    assert.equal(items.length, 1);
    assert.partialDeepStrictEqual(items[0], { used: true, orderId: order.id, coupon: { id: couponId } });
    assert.partialDeepStrictEqual(await trial.admin.coupons.get({ couponId }), { issuedQuantity: 1, usedQuantity: 1 });
  },

  'a coupon that was taken back can neither be used nor claimed again': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    await trial.admin.coupons.revoke({ userCouponId });
    const call = shop.orders.place({ items: [lineOf(product)], userCouponId });
    await assertRefused(call, 'COUPON_REVOKED', { userCouponId });
    await assertRefused(shop.coupons.claim({ couponId }), 'COUPON_ALREADY_CLAIMED');
  },

  'a coupon never has fewer pieces than were issued': async (trial) => {
    const { id: couponId } = await trial.coupon({ totalQuantity: 5 });
    for (const { shop } of await trial.customers(2)) await shop.coupons.claim({ couponId });
    await assertRefused(trial.admin.coupons.update({ couponId, totalQuantity: 1 }), 'COUPON_QUANTITY_BELOW_ISSUED', {
      issuedQuantity: 2,
    });
    assert.partialDeepStrictEqual(await trial.admin.coupons.update({ couponId, totalQuantity: 2 }), {
      totalQuantity: 2,
    });
  },

  'a coupon that does not exist is not found': async (trial) => {
    const { shop } = await trial.customer();
    await assertRefused(shop.coupons.claim({ couponId: NOBODY }), 'COUPON_NOT_FOUND', { couponId: NOBODY });
    await assertRefused(trial.anonymous.coupons.get({ couponId: NOBODY }), 'COUPON_NOT_FOUND');
  },
});
