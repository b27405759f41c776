import { Order } from '@baguni/db';
import type { Shop } from '../shop.ts';
import { expireOrder } from './commands.ts';

/** How many orders one round takes: a few transactions' worth. */
const ROUND_SIZE_MAX = 256;

/**
 * Cancels WAITING orders whose time to be paid is over, the longest overdue first, and tells how many.
 * Any number of processes may do so at once: whoever comes second finds the order cancelled.
 */
export async function sweepExpiredOrders(shop: Shop): Promise<number> {
  const expired = await shop
    .read()
    .find(
      Order,
      { status: 'WAITING', expiresAt: { $lte: await shop.now() } },
      { fields: ['id'], orderBy: { expiresAt: 'asc' }, limit: ROUND_SIZE_MAX, disableIdentityMap: true },
    );
  const ended = await Promise.allSettled(
    expired.map(({ id: orderId }) =>
      shop.unitOfWork.execute(expireOrder, { input: { orderId }, actor: { kind: 'system' } }),
    ),
  );
  // One order that cannot be cancelled keeps no other from it.
  const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} expired orders were not cancelled.`);
  return ended.filter((each) => each.status === 'fulfilled' && each.value.isExpired).length;
}

/** When the next order expires that waits to be paid, after this moment. */
export async function nextExpiryAt(shop: Shop, after: Date): Promise<Date | undefined> {
  const [next] = await shop
    .read()
    .find(
      Order,
      { status: 'WAITING', expiresAt: { $gt: after } },
      { fields: ['expiresAt'], orderBy: { expiresAt: 'asc' }, limit: 1, disableIdentityMap: true },
    );
  return next?.expiresAt ?? undefined;
}
