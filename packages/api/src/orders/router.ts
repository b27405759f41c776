import { Order } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { loadPage, NEWEST_FIRST, olderThan, pageOf } from '../pages.ts';
import { customerProcedure, executeForCaller } from '../procedures.ts';
import { placeOrder } from './commands.ts';
import { loadOrderViews } from './reads.ts';
import { orderNotFound } from './rules.ts';
import { listOrdersInput, orderIdInput, orderView, placeOrderInput } from './schema.ts';

export const orders = {
  /**
   * Places an order for the caller's cart, or for the named lines. What coupon and points do not cover is left
   * to pay within 15 minutes; if they cover all of it, the order is complete at once.
   * Fails with `CART_EMPTY`, `PRODUCT_NOT_FOUND`, `PRODUCT_NOT_ON_SALE`, `STOCK_INSUFFICIENT`, `ORDER_TOTAL_CHANGED`,
   * `USER_COUPON_NOT_FOUND`, `COUPON_ALREADY_USED`, `COUPON_EXPIRED`, `COUPON_MINIMUM_NOT_MET`, `POINTS_EXCEED_PAYABLE`
   * or `POINTS_INSUFFICIENT`.
   */
  place: customerProcedure
    .input(placeOrderInput)
    .output(orderView)
    .mutation(({ input = {}, ctx }) => executeForCaller(placeOrder)({ input, ctx })),

  /** One of the caller's orders. Fails with `ORDER_NOT_FOUND`. */
  get: customerProcedure
    .input(orderIdInput)
    .output(orderView)
    .query(async ({ input: { orderId }, ctx }) => {
      const em = ctx.shop.read();
      const rows = await em.find(Order, { id: orderId, userId: ctx.userId }, { disableIdentityMap: true });
      const [view] = await loadOrderViews(em, rows);
      if (!view) throw orderNotFound(orderId);
      return view;
    }),

  /** The caller's orders, newest first. */
  list: customerProcedure
    .input(listOrdersInput)
    .output(pageOf(orderView))
    .query(({ input, ctx }) => {
      const em = ctx.shop.read();
      return loadPage(input ?? {}, {
        fetch: (after, limit) =>
          em.find(
            Order,
            { userId: ctx.userId, ...olderThan(after) },
            { orderBy: NEWEST_FIRST, limit, disableIdentityMap: true },
          ),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (rows) => loadOrderViews(em, rows),
      });
    }),
} satisfies TRPCRouterRecord;
