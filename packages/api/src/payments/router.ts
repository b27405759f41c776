import { Order, Payment } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { orderNotFound } from '../orders/rules.ts';
import { adminProcedure, customerProcedure, execute } from '../procedures.ts';
import { pay } from './pay.ts';
import { refundPayment } from './refunds/commands.ts';
import { refundPaymentInput, refundView } from './refunds/schema.ts';
import { toPaymentView } from './rules.ts';
import { orderPaymentsInput, payInput, paymentView, payView } from './schema.ts';

export const payments = {
  /**
   * Pays what one of the caller's orders leaves to pay, through one of the shop's providers. The answer is PAID, FAILED
   * (the order waits for another try), or PENDING while nobody knows: the same call with the same key asks again.
   * REFUNDED: the order had ended meanwhile, and the money goes back.
   * Fails with `PAYMENT_METHOD_UNKNOWN`, `ORDER_NOT_FOUND`, `ORDER_NOT_WAITING` or `PAYMENT_IN_PROGRESS`.
   */
  pay: customerProcedure
    .meta({ reasons: ['PAYMENT_METHOD_UNKNOWN', 'ORDER_NOT_FOUND', 'ORDER_NOT_WAITING', 'PAYMENT_IN_PROGRESS'] })
    .input(payInput)
    .output(payView)
    .mutation(({ input, ctx }) => pay(input, ctx)),

  /** The payments of one of the caller's orders, oldest first. Fails with `ORDER_NOT_FOUND`. */
  get: customerProcedure
    .meta({ reasons: ['ORDER_NOT_FOUND'] })
    .input(orderPaymentsInput)
    .output(z.array(paymentView))
    .query(async ({ input: { orderId }, ctx }) => {
      const { database } = ctx.shop;
      const [order] = await database.read(Order, { id: orderId, userId: ctx.userId });
      if (!order) throw orderNotFound(orderId);
      const rows = await database.read(Payment, { orderId }, { orderBy: { id: 'asc' } });
      return rows.map(toPaymentView);
    }),

  /**
   * Refunds a paid order, whole or by lines and pieces, as often as something of it is left. Pieces, points and money go
   * back where they came from; the coupon comes back with the whole refund only.
   * Fails with `ORDER_NOT_FOUND`, `ORDER_NOT_REFUNDABLE`, `REFUND_EXCEEDS_ORDER` or `VERSION_CONFLICT`.
   */
  refund: adminProcedure
    .meta({ reasons: ['ORDER_NOT_FOUND', 'ORDER_NOT_REFUNDABLE', 'REFUND_EXCEEDS_ORDER', 'VERSION_CONFLICT'] })
    .input(refundPaymentInput)
    .output(refundView)
    .mutation(execute(refundPayment)),
} satisfies TRPCRouterRecord;
