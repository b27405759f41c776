import { describe, expect, test } from 'vitest';
import { assertRedeemable, discountFor } from '../src/coupons/rules.ts';
import { assertPointsPayable, totalOf } from '../src/orders/rules.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');

describe('the discount of a coupon', () => {
  test.each([
    { type: 'FIXED', value: 1_000, cap: null, total: 5_000, discount: 1_000 },
    { type: 'FIXED', value: 1_000, cap: null, total: 300, discount: 300 },
    { type: 'FIXED', value: 1_000, cap: null, total: 0, discount: 0 },
    { type: 'PERCENT', value: 10, cap: null, total: 5_000, discount: 500 },
    { type: 'PERCENT', value: 10, cap: null, total: 999, discount: 99 },
    { type: 'PERCENT', value: 33, cap: null, total: 101, discount: 33 },
    { type: 'PERCENT', value: 100, cap: null, total: 777, discount: 777 },
    { type: 'PERCENT', value: 10, cap: 300, total: 5_000, discount: 300 },
    { type: 'PERCENT', value: 1, cap: null, total: 99, discount: 0 },
    { type: 'PERCENT', value: 99, cap: null, total: 1_000_000_000_000_000, discount: 990_000_000_000_000 },
  ] as const)('$type $value of $total is $discount', ({ type, value, cap, total, discount }) => {
    const coupon = { discountType: type, discountValue: value, maxDiscountAmount: cap };
    expect(discountFor(coupon, total)).toBe(discount);
  });
});

describe('a coupon is redeemable', () => {
  const held = { id: 1, couponId: 2, usedAt: null, revokedAt: null, expiresAt: null };
  const before = new Date(NOW.getTime() - 1);
  const after = new Date(NOW.getTime() + 1);
  test.each([
    { held, minimum: null, total: 0, reason: undefined },
    { held, minimum: 500, total: 500, reason: undefined },
    { held, minimum: 500, total: 499, reason: 'COUPON_MINIMUM_NOT_MET' },
    { held: { ...held, expiresAt: after }, minimum: null, total: 1, reason: undefined },
    { held: { ...held, expiresAt: NOW }, minimum: null, total: 1, reason: 'COUPON_EXPIRED' },
    { held: { ...held, expiresAt: before }, minimum: null, total: 1, reason: 'COUPON_EXPIRED' },
    { held: { ...held, usedAt: before }, minimum: null, total: 1, reason: 'COUPON_ALREADY_USED' },
    { held: { ...held, revokedAt: before }, minimum: null, total: 1, reason: 'COUPON_REVOKED' },
  ])('with a minimum of $minimum on $total: $reason', ({ held, minimum, total, reason }) => {
    const redeem = () => assertRedeemable(held, { minOrderAmount: minimum }, total, NOW);
    if (reason) expect(redeem).toThrow(expect.objectContaining({ reason }));
    else redeem();
  });
});

test('an order totals price times quantity over its lines', () => {
  const line = (price: number, quantity: number) => ({ productId: 1, quantity, product: { price } });
  expect(totalOf([])).toBe(0);
  expect(totalOf([line(100, 3), line(0, 9), line(7, 1)])).toBe(307);
  expect(totalOf(Array.from({ length: 100 }, () => line(1_000_000_000, 10_000)))).toBe(1_000_000_000_000_000);
});

test('points pay at most what is left', () => {
  expect(() => assertPointsPayable(100, 100)).not.toThrow();
  expect(() => assertPointsPayable(101, 100)).toThrow(expect.objectContaining({ reason: 'POINTS_EXCEED_PAYABLE' }));
});
