import { Coupon, type Row, UserCoupon } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import type { Context } from '../context.ts';
import { loadPage, NEWEST_FIRST, olderThan, pageOf } from '../pages.ts';
import { adminProcedure, customerProcedure, execute, executeForCaller, publicProcedure } from '../procedures.ts';
import { claimCoupon, createCoupon, issueCoupon, revokeCoupon, updateCoupon } from './commands.ts';
import { couponNotFound, toCouponView, toUserCouponView } from './rules.ts';
import {
  claimCouponInput,
  couponIdInput,
  couponView,
  createCouponInput,
  issueCouponInput,
  listCouponsInput,
  type MyCouponView,
  myCouponView,
  revokeCouponInput,
  updateCouponInput,
  userCouponView,
} from './schema.ts';

export const coupons = {
  /** Adds a coupon that customers can claim. */
  create: adminProcedure.input(createCouponInput).output(couponView).mutation(execute(createCoupon)),

  /**
   * Changes the named fields of a coupon. What it takes off stays, and so does the end of what was issued before.
   * Fails with `COUPON_NOT_FOUND`, `VERSION_CONFLICT`, `COUPON_QUANTITY_BELOW_ISSUED`, or `INPUT_INVALID` when it
   * would end before it starts.
   */
  update: adminProcedure
    .meta({ reasons: ['COUPON_NOT_FOUND', 'VERSION_CONFLICT', 'COUPON_QUANTITY_BELOW_ISSUED', 'INPUT_INVALID'] })
    .input(updateCouponInput)
    .output(couponView)
    .mutation(execute(updateCoupon)),

  /**
   * Gives a user one of a coupon's remaining issues, before its start too.
   * Fails with `USER_NOT_FOUND`, `COUPON_NOT_FOUND`, `COUPON_EXPIRED`, `COUPON_ALREADY_CLAIMED` or `COUPON_EXHAUSTED`.
   */
  issueTo: adminProcedure
    .meta({
      reasons: ['USER_NOT_FOUND', 'COUPON_NOT_FOUND', 'COUPON_EXPIRED', 'COUPON_ALREADY_CLAIMED', 'COUPON_EXHAUSTED'],
    })
    .input(issueCouponInput)
    .output(userCouponView)
    .mutation(execute(issueCoupon)),

  /**
   * Takes an unused coupon back from a user. It stays counted as issued, and the user cannot claim it again.
   * Fails with `USER_COUPON_NOT_FOUND`, `VERSION_CONFLICT`, `COUPON_ALREADY_USED` or `COUPON_REVOKED`.
   */
  revoke: adminProcedure
    .meta({ reasons: ['USER_COUPON_NOT_FOUND', 'VERSION_CONFLICT', 'COUPON_ALREADY_USED', 'COUPON_REVOKED'] })
    .input(revokeCouponInput)
    .output(userCouponView)
    .mutation(execute(revokeCoupon)),

  /** One coupon. Fails with `COUPON_NOT_FOUND`. */
  get: publicProcedure
    .meta({ reasons: ['COUPON_NOT_FOUND'] })
    .input(couponIdInput)
    .output(couponView)
    .query(async ({ input: { couponId }, ctx }) => {
      const coupon = await ctx.shop.database.readOne(Coupon, couponId);
      if (!coupon) throw couponNotFound(couponId);
      return toCouponView(coupon);
    }),

  /** All coupons, newest first. */
  list: publicProcedure
    .input(listCouponsInput)
    .output(pageOf(couponView))
    .query(({ input, ctx }) =>
      loadPage(input ?? {}, {
        fetch: (after, limit) => ctx.shop.database.read(Coupon, olderThan(after), { orderBy: NEWEST_FIRST, limit }),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (rows) => rows.map(toCouponView),
      }),
    ),

  /**
   * Claims one of a coupon's remaining issues for the caller, first come, first served, one a user.
   * Fails with `COUPON_NOT_FOUND`, `COUPON_NOT_STARTED`, `COUPON_EXPIRED`, `COUPON_ALREADY_CLAIMED` or
   * `COUPON_EXHAUSTED`.
   */
  claim: customerProcedure
    .meta({
      reasons: [
        'COUPON_NOT_FOUND',
        'COUPON_NOT_STARTED',
        'COUPON_EXPIRED',
        'COUPON_ALREADY_CLAIMED',
        'COUPON_EXHAUSTED',
      ],
    })
    .input(claimCouponInput)
    .output(userCouponView)
    .mutation(executeForCaller(claimCoupon)),

  /** The caller's coupons, newest first, with what each takes off. */
  mine: customerProcedure
    .input(listCouponsInput)
    .output(pageOf(myCouponView))
    .query(({ input, ctx }) =>
      loadPage(input ?? {}, {
        fetch: (after, limit) =>
          ctx.shop.database.read(
            UserCoupon,
            { userId: ctx.userId, ...olderThan(after) },
            { orderBy: NEWEST_FIRST, limit },
          ),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (held) => withCoupons(ctx, held),
      }),
    ),
} satisfies TRPCRouterRecord;

async function withCoupons({ shop }: Context, held: readonly Row<UserCoupon>[]): Promise<MyCouponView[]> {
  const ids = [...new Set(held.map(({ couponId }) => couponId))];
  const rows = await shop.database.read(Coupon, { id: { $in: ids } });
  const byId = new Map(rows.map((coupon) => [coupon.id, coupon]));
  return held.map((each) => {
    const coupon = byId.get(each.couponId);
    if (!coupon) throw couponNotFound(each.couponId);
    return { ...toUserCouponView(each), coupon: toCouponView(coupon) };
  });
}
