import type { TRPCRouterRecord } from '@trpc/server';
import { adminProcedure } from '../procedures.ts';
import { auditView } from './schema.ts';
import { verify } from './verify.ts';

export const audit = {
  /** Recomputes the invariants of every wallet, stock, coupon, order and cart from history, and names what differs. */
  verify: adminProcedure.output(auditView).query(({ ctx }) => verify(ctx.shop.database, ctx.shop.settings)),
} satisfies TRPCRouterRecord;
