import { Order, Payment } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { orderNotFound } from '../orders/rules.ts';
import { customerProcedure } from '../procedures.ts';
import { toPaymentView } from './rules.ts';
import { orderPaymentsInput, paymentView } from './schema.ts';

export const payments = {
  /** The payments of one of the caller's orders, oldest first. Fails with `ORDER_NOT_FOUND`. */
  get: customerProcedure
    .input(orderPaymentsInput)
    .output(z.array(paymentView))
    .query(async ({ input: { orderId }, ctx }) => {
      const em = ctx.shop.read();
      const order = await em.findOne(Order, { id: orderId, userId: ctx.userId }, { disableIdentityMap: true });
      if (!order) throw orderNotFound(orderId);
      const rows = await em.find(Payment, { orderId }, { orderBy: { id: 'asc' }, disableIdentityMap: true });
      return rows.map(toPaymentView);
    }),
} satisfies TRPCRouterRecord;
