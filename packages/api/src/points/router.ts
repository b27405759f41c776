import { PointEntry, PointWallet } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { loadPage, pageOf } from '../pages.ts';
import { adminProcedure, customerProcedure, execute, ownerProcedure } from '../procedures.ts';
import { userNotFound } from '../users/rules.ts';
import { buyPoints } from './buy.ts';
import { adjustPoints, chargePoints } from './commands.ts';
import { toPointEntryView } from './rules.ts';
import {
  adjustPointsInput,
  balanceView,
  buyPointsInput,
  chargePointsInput,
  historyInput,
  pointChargeView,
  pointEntryView,
  walletInput,
} from './schema.ts';

export const points = {
  /** Adds points to a user's wallet. Fails with `USER_NOT_FOUND` or `POINT_BALANCE_LIMIT`. */
  charge: adminProcedure
    .meta({ reasons: ['USER_NOT_FOUND', 'POINT_BALANCE_LIMIT'] })
    .input(chargePointsInput)
    .output(pointEntryView)
    .mutation(execute(chargePoints)),

  /**
   * Corrects a user's balance by hand; the reason stays in the history.
   * Fails with `USER_NOT_FOUND`, `POINTS_INSUFFICIENT` or `POINT_BALANCE_LIMIT`.
   */
  adjust: adminProcedure
    .meta({ reasons: ['USER_NOT_FOUND', 'POINTS_INSUFFICIENT', 'POINT_BALANCE_LIMIT'] })
    .input(adjustPointsInput)
    .output(pointEntryView)
    .mutation(execute(adjustPoints)),

  /**
   * Buys points for the caller through one of the shop's payment providers. The answer is PAID, FAILED, or PENDING
   * while nobody knows: the same call with the same key asks again.
   * Fails with `PAYMENT_METHOD_UNKNOWN`, `USER_NOT_FOUND` or `POINT_BALANCE_LIMIT`.
   */
  buy: customerProcedure
    .meta({ reasons: ['PAYMENT_METHOD_UNKNOWN', 'USER_NOT_FOUND', 'POINT_BALANCE_LIMIT'] })
    .input(buyPointsInput)
    .output(pointChargeView)
    .mutation(({ input, ctx }) => buyPoints(input, ctx)),

  /** What a wallet holds: the caller's, or for an admin any user's. Fails with `USER_NOT_FOUND`. */
  balance: ownerProcedure
    .meta({ reasons: ['USER_NOT_FOUND'] })
    .input(walletInput)
    .output(balanceView)
    .query(async ({ input, ctx }) => {
      const userId = ctx.ownerOf(input);
      const [wallet] = await ctx.shop.database.read(PointWallet, { userId });
      if (!wallet) throw userNotFound(userId);
      return { userId, balance: wallet.balance, version: wallet.version };
    }),

  /** The entries of a wallet, newest first: the caller's, or for an admin any user's. Fails with `USER_NOT_FOUND`. */
  history: ownerProcedure
    .meta({ reasons: ['USER_NOT_FOUND'] })
    .input(historyInput)
    .output(pageOf(pointEntryView))
    .query(({ input, ctx }) => {
      const userId = ctx.ownerOf(input);
      const { type, from, to } = input ?? {};
      return loadPage(input ?? {}, {
        // A wallet's entries are numbered, whichever process wrote them, so the number alone orders them.
        fetch: (after, limit) =>
          ctx.shop.database.read(
            PointEntry,
            {
              userId,
              ...(type && { type }),
              ...((from || to) && { createdAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
              ...(after && { sequence: { $lt: after.id } }),
            },
            { orderBy: { sequence: 'desc' }, limit },
          ),
        position: (entry) => ({ at: entry.createdAt, id: entry.sequence }),
        toItems: (entries) => entries.map(toPointEntryView),
      });
    }),
} satisfies TRPCRouterRecord;
