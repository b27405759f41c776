import { assertVersion, Coupon, command, User, UserCoupon } from '@baguni/db';
import type { Owned } from '../procedures.ts';
import { userNotFound } from '../users/rules.ts';
import { assertWindow, couponNotFound, toCouponView, toUserCouponView, userCouponNotFound } from './rules.ts';
import type {
  ClaimCouponInput,
  CreateCouponInput,
  IssueCouponInput,
  RevokeCouponInput,
  UpdateCouponInput,
} from './schema.ts';

export const createCoupon = command({
  name: 'coupons.create',
  load: (_rows, _input: CreateCouponInput) => ({}),
  decide: (_loaded, input, changes) =>
    toCouponView(
      changes.add(Coupon, {
        name: input.name,
        discountType: input.discountType,
        discountValue: input.discountValue,
        maxDiscountAmount: input.maxDiscountAmount ?? null,
        minOrderAmount: input.minOrderAmount ?? null,
        totalQuantity: input.totalQuantity,
        issuedQuantity: 0,
        usedQuantity: 0,
        startsAt: input.startsAt ?? null,
        expiresAt: input.expiresAt ?? null,
      }),
    ),
});

export const updateCoupon = command({
  name: 'coupons.update',
  load: (rows, { couponId }: UpdateCouponInput) => ({ coupon: rows.lock(Coupon, { id: couponId }) }),
  decide: ({ coupon }, { couponId, expectedVersion, idempotencyKey: _key, ...fields }, { now }) => {
    if (!coupon) throw couponNotFound(couponId);
    assertVersion(coupon, expectedVersion);
    const { startsAt = coupon.startsAt, expiresAt = coupon.expiresAt } = fields;
    assertWindow({ startsAt: startsAt ?? null, expiresAt: expiresAt ?? null });
    coupon.change(fields, now);
    return toCouponView(coupon);
  },
});

export const claimCoupon = command({
  name: 'coupons.claim',
  load: (rows, { couponId, userId }: ClaimCouponInput & Owned) => ({
    coupon: rows.lock(Coupon, { id: couponId }),
    held: rows.lock(UserCoupon, { couponId, userId }),
  }),
  decide: ({ coupon, held }, { couponId, userId }, changes) => {
    if (!coupon) throw couponNotFound(couponId);
    coupon.assertStarted(changes.now);
    return toUserCouponView(coupon.issueTo(userId, held, changes));
  },
});

export const issueCoupon = command({
  name: 'coupons.issueTo',
  load: (rows, { couponId, userId }: IssueCouponInput) => ({
    user: rows.find(User, { id: userId }),
    coupon: rows.lock(Coupon, { id: couponId }),
    held: rows.lock(UserCoupon, { couponId, userId }),
  }),
  decide: ({ user, coupon, held }, { couponId, userId }, changes) => {
    if (!user) throw userNotFound(userId);
    if (!coupon) throw couponNotFound(couponId);
    return toUserCouponView(coupon.issueTo(userId, held, changes));
  },
});

export const revokeCoupon = command({
  name: 'coupons.revoke',
  load: (rows, { userCouponId }: RevokeCouponInput) => ({ held: rows.lock(UserCoupon, { id: userCouponId }) }),
  decide: ({ held }, { userCouponId, expectedVersion }, { now }) => {
    if (!held) throw userCouponNotFound(userCouponId);
    assertVersion(held, expectedVersion);
    held.revoke(now);
    return toUserCouponView(held);
  },
});
