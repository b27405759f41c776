import { randomUUID } from 'node:crypto';
import { type Actor, Order, type OrderStatus, Payment } from '@baguni/db';
import { afterIntent } from '../after-intent.ts';
import type { Context } from '../context.ts';
import type { Owned } from '../procedures.ts';
import type { Shop } from '../shop.ts';
import { answerPay, recordPayment, startPayment } from './commands.ts';
import type { Collection } from './provider.ts';
import type { CollectionResult } from './providers.ts';
import { collectionOf, methodUnknown, settlementOf, toPayView } from './rules.ts';
import type { PayInput, PayView } from './schema.ts';

const SYSTEM: Actor = { kind: 'system' };

/**
 * Three steps, none inside another: the intent is committed, the provider is asked, its word is committed.
 * Whatever breaks in between, the same call goes on from there, and so does the reconciler.
 */
export async function pay(input: PayInput, { shop, actor, userId }: Context & Owned): Promise<PayView> {
  const { method, idempotencyKey } = input;
  if (!shop.providers.has(method)) throw methodUnknown(method);
  const attempt = randomUUID();
  const started = await shop.unitOfWork.execute(startPayment(attempt), {
    input: { ...input, userId },
    actor,
    idempotencyKey,
  });
  return afterIntent(() => collect(input, shop, started.paymentId, started.attempt === attempt));
}

async function collect(
  { orderId, method, token }: PayInput,
  shop: Shop,
  paymentId: number,
  isFirst: boolean,
): Promise<PayView> {
  const before = await readPayment(shop, paymentId);
  let nextUrl: string | null = null;
  if (before.payment.status === 'PENDING') {
    const collection = { ...collectionOf(before.payment), token };
    const result = isFirst
      ? await shop.providers.collect(method, collection)
      : await resume(shop, method, collection, before.order.status);
    const settlement = settlementOf(result, collection);
    if (settlement) {
      await shop.unitOfWork.execute(recordPayment, { input: { orderId, paymentId, settlement }, actor: SYSTEM });
    }
    if (result.status === 'PENDING') nextUrl = result.nextUrl ?? null;
  }

  // A webhook may have brought the provider's word while its answer was lost.
  const { payment, order } = await readPayment(shop, paymentId);
  if (payment.status === 'PENDING') return { ...toPayView(payment, order), nextUrl };
  return shop.unitOfWork.execute(answerPay, {
    input: { orderId, paymentId },
    actor: SYSTEM,
    idempotencyKey: `pay-answer-${paymentId}`,
  });
}

/** The same call again: the provider may have been asked before, or not, and the customer may have gone on since. */
async function resume(
  shop: Shop,
  method: string,
  collection: Collection,
  orderStatus: OrderStatus,
): Promise<CollectionResult> {
  const isWanted = orderStatus === 'WAITING';
  const found = await shop.providers.lookUp(method, collection, { isWanted });
  if (found.status !== 'NEVER_HEARD') return found;
  return isWanted ? shop.providers.collect(method, collection) : { status: 'UNKNOWN' };
}

async function readPayment(shop: Shop, paymentId: number): Promise<{ payment: Payment; order: Order }> {
  const em = shop.read();
  const payment = await em.findOneOrFail(Payment, { id: paymentId });
  const order = await em.findOneOrFail(Order, { id: payment.orderId });
  return { payment, order };
}
