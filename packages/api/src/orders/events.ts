import { OutboxEvent, raw } from '@baguni/db';
import type { ReadEvents } from '../feed.ts';

/** The events of a customer's orders, or of one of them. */
export function readOrderEvents({ userId, orderId }: { userId: number; orderId: number | undefined }): ReadEvents {
  const isOwn = raw(
    (alias) => `exists (select 1 from orders as own where own.id = ${alias}.aggregate_id and own.user_id = ?)`,
    [userId],
  );
  return (em, after, limit) =>
    em.find(
      OutboxEvent,
      {
        aggregateType: 'order',
        ...(orderId !== undefined && { aggregateId: orderId }),
        position: { $gt: after },
        [isOwn]: [],
      },
      { orderBy: { position: 'asc' }, limit, disableIdentityMap: true },
    );
}
