import { command, PointCharge, PointWallet, ProviderWebhook } from '@baguni/db';
import {
  providerKey,
  type Settlement,
  type TakenWebhook,
  toProviderWebhook,
  unlessForeign,
} from '../payments/rules.ts';
import type { Owned } from '../procedures.ts';
import { userNotFound } from '../users/rules.ts';
import { toPointChargeView } from './rules.ts';
import type { BuyPointsInput } from './schema.ts';

/**
 * The intent: the charge that a provider will be asked to collect. What is under way counts as if it were in the
 * wallet already. The answer names the attempt that it was made for, which tells the first call from the same call
 * made again.
 */
export function startCharge(attempt: string) {
  return command({
    name: 'points.buy',

    load: (rows, { userId }: BuyPointsInput & Owned) => ({
      wallet: rows.lock(PointWallet, { userId }),
      // Read once the wallet is locked, as the lock order has it: nobody else adds one then.
      pending: rows.lockAll(PointCharge, { userId, status: 'PENDING' }),
    }),

    decide({ wallet, pending }, { userId, method, amount }, changes) {
      if (!wallet) throw userNotFound(userId);
      const underWay = pending.reduce((sum, charge) => sum + charge.amount, 0);
      wallet.assertHolds(underWay + amount, changes);
      const charge = changes.add(PointCharge, {
        userId,
        method,
        amount,
        status: 'PENDING',
        transactionId: null,
        startedAt: changes.now,
        failureReason: null,
      });
      return { chargeId: charge.id, attempt };
    },
  });
}

interface RecordCharge {
  readonly userId: number;
  readonly chargeId: number;
  /** How it ended; `undefined` while nobody knows. */
  readonly settlement: Settlement | undefined;
  readonly webhook?: TakenWebhook | undefined;
}

/** What a provider's word does to a charge and the wallet. However often it is heard, the points come once. */
export const recordCharge = command({
  name: 'points.recordCharge',

  load: (rows, { userId, chargeId, settlement, webhook }: RecordCharge) => ({
    wallet: rows.lock(PointWallet, { userId }),
    charge: rows.lock(PointCharge, { id: chargeId }),
    namesake:
      settlement?.status === 'PAID' ? rows.find(PointCharge, { transactionId: settlement.transactionId }) : undefined,
    taken: webhook && rows.find(ProviderWebhook, { ...webhook, outcome: 'ACCEPTED' }),
  }),

  decide({ wallet, charge, namesake, taken }, { chargeId, settlement: heard, webhook }, changes) {
    if (!wallet || !charge) throw new Error(`There is no charge ${chargeId}.`);
    if (taken) return toPointChargeView(charge);
    const settlement = unlessForeign(heard, namesake, { kind: 'charge', id: chargeId });
    if (webhook) changes.add(ProviderWebhook, toProviderWebhook(webhook, providerKey('charge', chargeId), settlement));
    if (!settlement || charge.status === 'PAID') return toPointChargeView(charge);

    if (settlement.status === 'PAID') {
      charge.markPaid(settlement.transactionId, changes.now);
      wallet.credit(charge.amount, changes);
    } else if (charge.status === 'PENDING' && settlement.status === 'REFUSED') {
      if (charge.failureReason !== settlement.reason) charge.markDoubtful(settlement.reason, changes.now);
    } else if (charge.status === 'PENDING') {
      charge.markFailed(settlement.reason, changes.now);
    }
    return toPointChargeView(charge);
  },
});

/** What a call to buy was answered, kept: the same call is answered alike ever after. */
export const answerBuy = command({
  name: 'points.answerBuy',
  load: (rows, { chargeId }: { chargeId: number }) => ({ charge: rows.find(PointCharge, { id: chargeId }) }),
  decide({ charge }, { chargeId }) {
    if (!charge) throw new Error(`There is no charge ${chargeId}.`);
    return toPointChargeView(charge);
  },
});
