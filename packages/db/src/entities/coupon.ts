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

export interface CouponChange {
  name?: string | undefined;
  maxDiscountAmount?: number | null | undefined;
  minOrderAmount?: number | null | undefined;
  totalQuantity?: number | undefined;
  startsAt?: Date | null | undefined;
  expiresAt?: Date | null | undefined;
}

/** A discount that is handed out first come, first served: at most `totalQuantity`, one a user. */
export class Coupon extends CouponSchema.class {
  assertStarted(now: Date): void {
    if (!this.startsAt || now >= this.startsAt) return;
    throw new DomainError('COUPON_NOT_STARTED', `Coupon ${this.id} starts at ${this.startsAt.toISOString()}.`, {
      couponId: this.id,
      startsAt: this.startsAt,
    });
  }

  /** Hands one of the remaining issues to a user. Whether it may be claimed already is for the caller to ask. */
  issueTo(userId: number, held: UserCoupon | undefined, changes: Changes): UserCoupon {
    const { now } = changes;
    const couponId = this.id;
    this.assertUnexpired(now);
    if (held) {
      throw new DomainError('COUPON_ALREADY_CLAIMED', `User ${userId} was given coupon ${couponId} before.`, {
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
    const issued = changes.add(UserCoupon, {
      userId,
      couponId,
      issuedAt: now,
      expiresAt: this.expiresAt ?? null,
      usedAt: null,
      revokedAt: null,
      orderId: null,
    });
    const { totalQuantity } = this;
    const event = { aggregateType: 'coupon', aggregateId: couponId, aggregateVersion: this.version } as const;
    changes.emit({ ...event, type: 'coupon.issued', payload: { couponId, userCouponId: issued.id, userId } });
    if (this.issuedQuantity === totalQuantity) {
      changes.emit({ ...event, type: 'coupon.exhausted', payload: { couponId, totalQuantity } });
    }
    return issued;
  }

  /** Changes the named fields and leaves the others. Coupons in users' hands keep the end that they were issued with. */
  change(fields: CouponChange, now: Date): void {
    const { totalQuantity = this.totalQuantity } = fields;
    if (totalQuantity < this.issuedQuantity) {
      throw new DomainError(
        'COUPON_QUANTITY_BELOW_ISSUED',
        `${this.issuedQuantity} of coupon ${this.id} are issued, so there cannot be ${totalQuantity}.`,
        { totalQuantity, issuedQuantity: this.issuedQuantity },
      );
    }
    this.name = fields.name ?? this.name;
    this.totalQuantity = totalQuantity;
    this.maxDiscountAmount = changed(fields.maxDiscountAmount, this.maxDiscountAmount);
    this.minOrderAmount = changed(fields.minOrderAmount, this.minOrderAmount);
    this.startsAt = changed(fields.startsAt, this.startsAt);
    this.expiresAt = changed(fields.expiresAt, this.expiresAt);
    raiseVersion(this, now);
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

  /** Makes a used coupon usable again, together with the user's own: its order came to nothing. */
  giveBack(held: UserCoupon, now: Date): void {
    held.usedAt = null;
    held.orderId = null;
    raiseVersion(held, now);
    this.usedQuantity -= 1;
    raiseVersion(this, now);
  }
}

/** `null` takes a limit away; a field that is not named stays as it is. */
function changed<Value>(value: Value | null | undefined, current: Value | null | undefined): Value | null {
  return (value === undefined ? current : value) ?? null;
}

CouponSchema.setClass(Coupon);
