import { type Actor, Order, Payment, PointCharge, Refund } from '@baguni/db';
import { recordPayment, recordRefund } from './payments/commands.ts';
import type { Collection } from './payments/provider.ts';
import { collectionOf, providerKey, type Settlement, settlementOf } from './payments/rules.ts';
import { recordCharge } from './points/charge-commands.ts';
import { chargeCollectionOf } from './points/rules.ts';
import type { Shop } from './shop.ts';

/** How long after its start an attempt is left to the call that started it. Longer than any provider may take. */
const PATIENCE_MS = 60_000;
/** How many rows of each kind one round looks at. */
const ROUND_MAX = 100;
/** How many providers' answers are waited for at once. */
const AT_ONCE_MAX = 10;

const SYSTEM: Actor = { kind: 'system' };
const NEVER_HEARD: Settlement = { status: 'FAILED', reason: 'It never reached the provider.' };

/** Where the last round of a shop ended, so that attempts which stay open for long do not keep the others waiting. */
interface Places {
  payment: number;
  charge: number;
  refund: number;
}
const placesOf = new WeakMap<Shop, Places>();

/**
 * Finishes what a crash, a lost answer or a lost webhook left between the shop and its providers: attempts that were
 * started and have not ended, and refunds that were decided and not sent. Gives how many of them ended.
 * Any number of processes may do it at once: a provider treats the same key as the same thing, and so does the shop.
 */
export async function reconcilePayments(shop: Shop): Promise<number> {
  const places = placesOf.get(shop) ?? { payment: 0, charge: 0, refund: 0 };
  placesOf.set(shop, places);
  const startedAt = { $lte: new Date((await shop.now()).getTime() - PATIENCE_MS) };
  const options = { orderBy: { id: 'asc' }, limit: ROUND_MAX, disableIdentityMap: true } as const;
  const em = shop.read();

  const payments = await em.find(Payment, { status: 'PENDING', startedAt, id: { $gt: places.payment } }, options);
  places.payment = nextPlace(payments);
  const charges = await em.find(PointCharge, { status: 'PENDING', startedAt, id: { $gt: places.charge } }, options);
  places.charge = nextPlace(charges);
  const refunds = await em.find(Refund, { status: 'PENDING', id: { $gt: places.refund } }, options);
  places.refund = nextPlace(refunds);

  const ended = await inTurns([
    ...payments.map((payment) => async () => Number(await reconcilePayment(shop, payment))),
    ...charges.map((charge) => async () => Number(await reconcileCharge(shop, charge))),
    // A provider answers with all refunds of a payment, and must not be asked for the next before it has told of this one.
    ...[...Map.groupBy(refunds, ({ paymentId }) => paymentId).values()].map((parts) => () => sendInOrder(shop, parts)),
  ]);
  return ended.reduce((sum, count) => sum + count, 0);
}

/**
 * When the next attempt has been left alone for long enough, after this moment. One that stays open is asked about in
 * every round, so no moment is named for that; a charge whose customer does not come back ends later.
 */
export async function nextInquiryAt(shop: Shop, after: Date): Promise<Date | undefined> {
  const em = shop.read();
  const nextOf = async (Kind: typeof Payment | typeof PointCharge, waitMs: number) => {
    const startedAt = { $gt: new Date(after.getTime() - waitMs) };
    const [next] = await em.find<Payment | PointCharge>(
      Kind,
      { status: 'PENDING', startedAt },
      { orderBy: { startedAt: 'asc' }, limit: 1, disableIdentityMap: true },
    );
    return next?.startedAt ? [next.startedAt.getTime() + waitMs] : [];
  };
  const moments = [
    ...(await nextOf(Payment, PATIENCE_MS)),
    ...(await nextOf(PointCharge, PATIENCE_MS)),
    ...(await nextOf(PointCharge, CHARGE_PATIENCE_MS)),
  ];
  return moments.length === 0 ? undefined : new Date(Math.min(...moments));
}

async function reconcilePayment(shop: Shop, payment: Payment): Promise<boolean> {
  const { id: paymentId, orderId, method } = payment;
  if (!method) throw new Error(`Payment ${paymentId} was started without a method.`);
  const order = await shop.read().findOneOrFail(Order, { id: orderId });
  // Not sent yet, perhaps: while the order waits, the customer's own call may still come back and send it.
  const isWanted = order.status === 'WAITING';
  const settlement = await wordOf(shop, method, collectionOf(payment), { isWanted });
  if (!settlement || isKnown(settlement, payment)) return false;
  const { status } = await shop.unitOfWork.execute(recordPayment, {
    input: { orderId, paymentId, settlement },
    actor: SYSTEM,
  });
  return status !== 'PENDING';
}

async function reconcileCharge(shop: Shop, charge: PointCharge): Promise<boolean> {
  const { id: chargeId, userId, method, startedAt } = charge;
  // Nothing is held for a charge, so only time tells that its customer does not come back.
  const isWanted = (await shop.now()).getTime() - startedAt.getTime() < CHARGE_PATIENCE_MS;
  const settlement = await wordOf(shop, method, chargeCollectionOf(charge), { isWanted });
  if (!settlement || isKnown(settlement, charge)) return false;
  const { status } = await shop.unitOfWork.execute(recordCharge, {
    input: { userId, chargeId, settlement },
    actor: SYSTEM,
  });
  return status !== 'PENDING';
}

/** Whether it is a word that was not believed before: it stays open until the provider says another one. */
function isKnown(settlement: Settlement, { failureReason }: Pick<Payment | PointCharge, 'failureReason'>): boolean {
  return settlement.status === 'REFUSED' && settlement.reason === failureReason;
}

/** How long a charge that the provider has never heard of waits for its customer to send it again. */
const CHARGE_PATIENCE_MS = 15 * 60_000;

async function wordOf(
  shop: Shop,
  method: string,
  collection: Collection,
  { isWanted }: { isWanted: boolean },
): Promise<Settlement | undefined> {
  const result = await shop.providers.lookUp(method, collection, { isWanted });
  if (result.status !== 'NEVER_HEARD') return settlementOf(result, collection);
  return isWanted ? undefined : NEVER_HEARD;
}

async function sendRefund(shop: Shop, refund: Refund): Promise<boolean> {
  const payment = await shop.read().findOneOrFail(Payment, { id: refund.paymentId });
  const { method, transactionId } = payment;
  if (!method || !transactionId) throw new Error(`Payment ${payment.id} was refunded without having been collected.`);
  const result = await shop.providers.refund(method, {
    key: providerKey('refund', refund.id),
    collection: { key: collectionOf(payment).key, transactionId },
    amount: refund.amount,
    reason: refund.reason ?? 'Refund',
  });
  if (result.status === 'UNKNOWN' || result.status === 'PENDING') return false;
  const { isChanged } = await shop.unitOfWork.execute(recordRefund, {
    input: { refundId: refund.id, transactionId: result.status === 'COMPLETE' ? result.transactionId : undefined },
    actor: SYSTEM,
  });
  return isChanged;
}

/** The place after these rows; the beginning again once there are no more. */
function nextPlace(rows: readonly { id: number }[]): number {
  return rows.length < ROUND_MAX ? 0 : (rows.at(-1)?.id ?? 0);
}

async function sendInOrder(shop: Shop, refunds: readonly Refund[]): Promise<number> {
  let ended = 0;
  for (const refund of refunds) if (await sendRefund(shop, refund)) ended++;
  return ended;
}

/** Runs every task, a few at once. One that fails keeps none of the others from its turn. */
async function inTurns<Result>(tasks: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  const queue = tasks.values();
  const takeTurns = async () => {
    for (const task of queue) {
      try {
        results.push(await task());
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, takeTurns));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of a round's attempts failed.`);
  return results;
}
