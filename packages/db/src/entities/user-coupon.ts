import { defineEntity, p } from '@mikro-orm/core';
import { DomainError } from '../errors.ts';
import { id, instant, timestamps, version } from './columns.ts';
import { Coupon } from './coupon.ts';
import { Order } from './order.ts';
import { User } from './user.ts';
import { raiseVersion } from './versioned.ts';

const UserCouponSchema = defineEntity({
  name: 'UserCoupon',
  tableName: 'user_coupons',
  properties: {
    id: id(),
    userId: () => p.manyToOne(User).mapToPk().joinColumn('user_id').index(false),
    couponId: () => p.manyToOne(Coupon).mapToPk().joinColumn('coupon_id').index(),
    issuedAt: instant(),
    expiresAt: instant().nullable(),
    usedAt: instant().nullable(),
    // Set when an admin took it back: it stays issued and can no longer be used.
    revokedAt: instant().nullable(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').nullable().deleteRule('no action'),
    version: version(),
    ...timestamps,
  },
  uniques: [{ name: 'user_coupons_user_id_coupon_id_unique', properties: ['userId', 'couponId'] }],
  indexes: [{ name: 'user_coupons_user_id_created_at_id_index', properties: ['userId', 'createdAt', 'id'] }],
  checks: [{ name: 'user_coupons_used_check', expression: '(used_at is null) = (order_id is null)' }],
});

/** A coupon in one user's hands. */
export class UserCoupon extends UserCouponSchema.class {
  /** Takes an unused coupon back: it stays counted as issued and can no longer be used. */
  revoke(now: Date): void {
    if (this.usedAt) {
      throw new DomainError('COUPON_ALREADY_USED', `The coupon was used at ${this.usedAt.toISOString()}.`, {
        userCouponId: this.id,
        usedAt: this.usedAt,
      });
    }
    this.assertUnrevoked();
    this.revokedAt = now;
    raiseVersion(this, now);
  }

  assertUnrevoked(): void {
    if (!this.revokedAt) return;
    throw new DomainError('COUPON_REVOKED', `The coupon was taken back at ${this.revokedAt.toISOString()}.`, {
      userCouponId: this.id,
      revokedAt: this.revokedAt,
    });
  }
}

UserCouponSchema.setClass(UserCoupon);
