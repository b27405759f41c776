import { Order } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { pageOf } from '../pages.ts';
import { adminProcedure, customerProcedure, executeForCaller } from '../procedures.ts';
import { eventStream } from '../streams.ts';
import { cancelOrder, placeOrder } from './commands.ts';
import { readOrderEvents } from './events.ts';
import { loadQuote } from './quote.ts';
import { loadOrderPage, loadOrders } from './reads.ts';
import { orderNotFound } from './rules.ts';
import {
  cancelOrderInput,
  listOrdersInput,
  orderIdInput,
  orderView,
  placeOrderInput,
  quoteOrderInput,
  quoteView,
  searchOrdersInput,
  streamOrdersInput,
} from './schema.ts';

export const orders = {
  /**
   * Places an order for the caller's cart, or for the named lines. What coupon and points do not cover is left
   * to pay within 15 minutes; if they cover all of it, the order is complete at once.
   * Fails with `CART_EMPTY`, `PRODUCT_NOT_FOUND`, `PRODUCT_NOT_ON_SALE`, `STOCK_INSUFFICIENT`, `ORDER_TOTAL_CHANGED`,
   * `USER_COUPON_NOT_FOUND`, `COUPON_ALREADY_USED`, `COUPON_REVOKED`, `COUPON_EXPIRED`, `COUPON_MINIMUM_NOT_MET`,
   * `POINTS_EXCEED_PAYABLE` or `POINTS_INSUFFICIENT`.
   */
  place: customerProcedure
    .meta({
      reasons: [
        'CART_EMPTY',
        'PRODUCT_NOT_FOUND',
        'PRODUCT_NOT_ON_SALE',
        'STOCK_INSUFFICIENT',
        'ORDER_TOTAL_CHANGED',
        'USER_COUPON_NOT_FOUND',
        'COUPON_ALREADY_USED',
        'COUPON_REVOKED',
        'COUPON_EXPIRED',
        'COUPON_MINIMUM_NOT_MET',
        'POINTS_EXCEED_PAYABLE',
        'POINTS_INSUFFICIENT',
      ],
    })
    .input(placeOrderInput)
    .output(orderView)
    .mutation(({ input = {}, ctx }) => executeForCaller(placeOrder)({ input, ctx })),

  /**
   * What the caller's cart, or the named lines, would cost as an order now, and what stands in its way.
   * Nothing is changed, and nothing is held.
   */
  quote: customerProcedure
    .input(quoteOrderInput)
    .output(quoteView)
    .query(async ({ input = {}, ctx }) => loadQuote(ctx.shop, { ...input, userId: ctx.userId })),

  /**
   * Cancels one of the caller's orders that is not paid yet, and gives back all that it held: stock, coupon and points.
   * Fails with `ORDER_NOT_FOUND`, `ORDER_NOT_WAITING` or `VERSION_CONFLICT`.
   */
  cancel: customerProcedure
    .meta({ reasons: ['ORDER_NOT_FOUND', 'ORDER_NOT_WAITING', 'VERSION_CONFLICT'] })
    .input(cancelOrderInput)
    .output(orderView)
    .mutation(executeForCaller(cancelOrder)),

  /** Everybody's orders, newest first, by user, state and time. */
  search: adminProcedure
    .input(searchOrdersInput)
    .output(pageOf(orderView))
    .query(({ input: { userId, status, createdFrom, createdTo, ...page } = {}, ctx }) => {
      const createdAt = { ...(createdFrom && { $gte: createdFrom }), ...(createdTo && { $lt: createdTo }) };
      return loadOrderPage(ctx.shop.database, { userId, status, createdAt }, page);
    }),

  /** One of the caller's orders. Fails with `ORDER_NOT_FOUND`. */
  get: customerProcedure
    .meta({ reasons: ['ORDER_NOT_FOUND'] })
    .input(orderIdInput)
    .output(orderView)
    .query(async ({ input: { orderId }, ctx }) => {
      const [view] = await loadOrders(ctx.shop.database, { id: orderId, userId: ctx.userId }, 1);
      if (!view) throw orderNotFound(orderId);
      return view;
    }),

  /** The caller's orders, newest first. */
  list: customerProcedure
    .input(listOrdersInput)
    .output(pageOf(orderView))
    .query(({ input = {}, ctx }) => loadOrderPage(ctx.shop.database, { userId: ctx.userId }, input)),

  /**
   * What happens to one of the caller's orders, or to all of them, as it happens, over SSE. After a reconnect it goes on
   * where it broke off and loses nothing. Fails with `ORDER_NOT_FOUND`.
   */
  stream: customerProcedure
    .meta({ reasons: ['ORDER_NOT_FOUND'] })
    .input(streamOrdersInput)
    .output(eventStream)
    .subscription(async ({ input: { orderId, ...start } = {}, ctx: { shop, userId }, signal }) => {
      if (orderId !== undefined) {
        const [order] = await shop.database.read(Order, { id: orderId, userId });
        if (!order) throw orderNotFound(orderId);
      }
      return shop.feed.follow(start, { signal, read: readOrderEvents({ userId, orderId }) });
    }),
} satisfies TRPCRouterRecord;
