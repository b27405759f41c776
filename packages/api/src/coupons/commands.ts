import { Coupon, command, UserCoupon } from '@baguni/db';
import type { Owned } from '../procedures.ts';
import { couponNotFound, toCouponView, toUserCouponView } from './rules.ts';
import type { ClaimCouponInput, CreateCouponInput } from './schema.ts';

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

export const claimCoupon = command({
  name: 'coupons.claim',
  load: (rows, { couponId, userId }: ClaimCouponInput & Owned) => ({
    coupon: rows.lock(Coupon, { id: couponId }),
    held: rows.lock(UserCoupon, { couponId, userId }),
  }),
  decide: ({ coupon, held }, { couponId, userId }, changes) => {
    if (!coupon) throw couponNotFound(couponId);
    return toUserCouponView(coupon.issueTo(userId, held, changes));
  },
});
