import { defineEntity, p } from '@mikro-orm/core';
import { DomainError } from '../errors.ts';
import type { Changes } from '../unit-of-work/changes.ts';
import { amount, id, instant, quantity, timestamps, version } from './columns.ts';
import { UserCoupon } from './user-coupon.ts';
import { raiseVersion } from './versioned.ts';

export const DISCOUNT_TYPES = ['FIXED', 'PERCENT'] as const;
export type DiscountType = (typeof DISCOUNT_TYPES)[number];

const CouponSchema = defineEntity({
  name: 'Coupon',
  tableName: 'coupons',
  properties: {
    id: id(),
    name: p.string().length(200),
    discountType: p.enum(DISCOUNT_TYPES),
    discountValue: amount(),
    maxDiscountAmount: amount().nullable(),
    minOrderAmount: amount().nullable(),
    totalQuantity: quantity(),
    issuedQuantity: quantity(),
    usedQuantity: quantity(),
    startsAt: instant().nullable(),
    expiresAt: instant().nullable(),
    version: version(),
    ...timestamps,
  },
  indexes: [{ name: 'coupons_created_at_id_index', properties: ['createdAt', 'id'] }],
  checks: [
    {
      name: 'coupons_discount_check',
      expression: "discount_value > 0 and (discount_type <> 'PERCENT' or discount_value <= 100)",
    },
    { name: 'coupons_issued_check', expression: 'issued_quantity >= 0 and issued_quantity <= total_quantity' },
    { name: 'coupons_used_check', expression: 'used_quantity >= 0 and used_quantity <= issued_quantity' },
  ],
});

/** A discount that is handed out first come, first served: at most `totalQuantity`, one a user. */
export class Coupon extends CouponSchema.class {
  issueTo(userId: number, held: UserCoupon | undefined, changes: Changes): UserCoupon {
    const { now } = changes;
    const couponId = this.id;
    if (this.startsAt && now < this.startsAt) {
      throw new DomainError('COUPON_NOT_STARTED', `Coupon ${couponId} starts at ${this.startsAt.toISOString()}.`, {
        couponId,
        startsAt: this.startsAt,
      });
    }
    this.assertUnexpired(now);
    if (held) {
      throw new DomainError('COUPON_ALREADY_CLAIMED', `You have claimed coupon ${couponId} before.`, {
        couponId,
        userCouponId: held.id,
      });
    }
    if (this.issuedQuantity >= this.totalQuantity) {
      throw new DomainError('COUPON_EXHAUSTED', `All ${this.totalQuantity} of coupon ${couponId} are claimed.`, {
        couponId,
        totalQuantity: this.totalQuantity,
      });
    }
    this.issuedQuantity += 1;
    raiseVersion(this, now);
    return changes.add(UserCoupon, {
      userId,
      couponId,
      issuedAt: now,
      expiresAt: this.expiresAt ?? null,
      usedAt: null,
      revokedAt: null,
      orderId: null,
    });
  }

  assertUnexpired(now: Date): void {
    if (!this.expiresAt || now < this.expiresAt) return;
    throw new DomainError('COUPON_EXPIRED', `Coupon ${this.id} expired at ${this.expiresAt.toISOString()}.`, {
      couponId: this.id,
      expiresAt: this.expiresAt,
    });
  }

  /** Counts one of the issued coupons as used, together with the user's own. */
  redeem(held: UserCoupon, orderId: number, now: Date): void {
    held.usedAt = now;
    held.orderId = orderId;
    raiseVersion(held, now);
    this.usedQuantity += 1;
    raiseVersion(this, now);
  }
}

CouponSchema.setClass(Coupon);
