import type { PointCharge, PointEntry, Row } from '@baguni/db';
import { providerKey } from '../payments/rules.ts';
import type { PointChargeView, PointEntryView } from './schema.ts';

export function toPointEntryView(entry: Row<PointEntry>): PointEntryView {
  const { id, userId, type, amount, balanceAfter, createdAt } = entry;
  return {
    id,
    userId,
    type,
    amount,
    balanceAfter,
    orderId: entry.orderId ?? null,
    reason: entry.reason ?? null,
    createdAt,
  };
}

/** What a purchase of points asks its provider for. */
export function chargeCollectionOf({ id, amount }: Pick<PointCharge, 'id' | 'amount'>) {
  return { key: providerKey('charge', id), amount, description: `${amount} points` };
}

export function toPointChargeView(charge: PointCharge): PointChargeView {
  const { id, userId, method, amount, status, version, createdAt, updatedAt } = charge;
  return {
    id,
    userId,
    method,
    amount,
    status,
    transactionId: charge.transactionId ?? null,
    failureReason: charge.failureReason ?? null,
    nextUrl: null,
    version,
    createdAt,
    updatedAt,
  };
}
