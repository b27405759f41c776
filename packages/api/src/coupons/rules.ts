import type { Coupon, Row, UserCoupon } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { CouponView, UserCouponView } from './schema.ts';

type Discount = Pick<Coupon, 'discountType' | 'discountValue' | 'maxDiscountAmount'>;

/** What a coupon takes off a total: never more than the total, and PERCENT rounds down. */
export function discountFor({ discountType, discountValue, maxDiscountAmount }: Discount, total: number): number {
  switch (discountType) {
    case 'FIXED':
      return Math.min(discountValue, total);
    case 'PERCENT':
      return Math.min(percentOf(total, discountValue), maxDiscountAmount ?? total);
  }
}

// Exact for every safe integer, where `total * percent` might leave them.
function percentOf(total: number, percent: number): number {
  const hundreds = Math.floor(total / 100);
  return hundreds * percent + Math.floor(((total - hundreds * 100) * percent) / 100);
}

/** Refuses with `COUPON_ALREADY_USED`, `COUPON_REVOKED`, `COUPON_EXPIRED` or `COUPON_MINIMUM_NOT_MET`. */
export function assertRedeemable(
  held: Pick<UserCoupon, 'id' | 'couponId' | 'usedAt' | 'revokedAt' | 'expiresAt'>,
  coupon: Pick<Coupon, 'minOrderAmount'>,
  totalAmount: number,
  now: Date,
): void {
  if (held.usedAt) {
    throw new DomainError('COUPON_ALREADY_USED', `The coupon was used at ${held.usedAt.toISOString()}.`, {
      userCouponId: held.id,
      usedAt: held.usedAt,
    });
  }
  if (held.revokedAt) {
    throw new DomainError('COUPON_REVOKED', `The coupon was taken back at ${held.revokedAt.toISOString()}.`, {
      userCouponId: held.id,
      revokedAt: held.revokedAt,
    });
  }
  if (held.expiresAt && held.expiresAt <= now) {
    throw new DomainError('COUPON_EXPIRED', `The coupon expired at ${held.expiresAt.toISOString()}.`, {
      couponId: held.couponId,
      expiresAt: held.expiresAt,
    });
  }
  const minOrderAmount = coupon.minOrderAmount ?? 0;
  if (totalAmount < minOrderAmount) {
    throw new DomainError(
      'COUPON_MINIMUM_NOT_MET',
      `The coupon needs an order of ${minOrderAmount}, this one totals ${totalAmount}.`,
      { minOrderAmount, totalAmount },
    );
  }
}

export function couponNotFound(couponId: number): DomainError {
  return new DomainError('COUPON_NOT_FOUND', `There is no coupon ${couponId}.`, { couponId });
}

/** Refuses with `INPUT_INVALID` a window that ends before it begins. */
export function assertWindow({ startsAt, expiresAt }: { startsAt?: Date | null; expiresAt?: Date | null }): void {
  if (!startsAt || !expiresAt || startsAt < expiresAt) return;
  const issue = { path: 'expiresAt', message: 'Must be later than startsAt.' };
  throw new DomainError('INPUT_INVALID', `${issue.path}: ${issue.message}`, { issues: [issue] });
}

export function userCouponNotFound(userCouponId: number): DomainError {
  return new DomainError('USER_COUPON_NOT_FOUND', `There is no user coupon ${userCouponId}.`, { userCouponId });
}

export function toCouponView(coupon: Row<Coupon>): CouponView {
  const { id, name, discountType, discountValue, totalQuantity, issuedQuantity, usedQuantity } = coupon;
  return {
    id,
    name,
    discountType,
    discountValue,
    maxDiscountAmount: coupon.maxDiscountAmount ?? null,
    minOrderAmount: coupon.minOrderAmount ?? null,
    totalQuantity,
    issuedQuantity,
    usedQuantity,
    startsAt: coupon.startsAt ?? null,
    expiresAt: coupon.expiresAt ?? null,
    version: coupon.version,
    createdAt: coupon.createdAt,
    updatedAt: coupon.updatedAt,
  };
}

export function toUserCouponView(held: Row<UserCoupon>): UserCouponView {
  const { id, userId, couponId, issuedAt, version } = held;
  return {
    id,
    userId,
    couponId,
    issuedAt,
    expiresAt: held.expiresAt ?? null,
    used: held.usedAt != null,
    usedAt: held.usedAt ?? null,
    orderId: held.orderId ?? null,
    revokedAt: held.revokedAt ?? null,
    version,
  };
}
