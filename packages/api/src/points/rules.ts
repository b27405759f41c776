import type { PointEntry } from '@baguni/db';
import type { PointEntryView } from './schema.ts';

export function toPointEntryView(entry: PointEntry): PointEntryView {
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
