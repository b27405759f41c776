import { type Actor, Order, Payment, PointCharge, ProviderWebhook } from '@baguni/db';
import { DomainError } from './errors.ts';
import { recordPayment, recordRefusedWebhook } from './payments/commands.ts';
import type { Collection } from './payments/provider.ts';
import {
  collectionOf,
  methodUnknown,
  parseProviderKey,
  type Settlement,
  settlementOf,
  type TakenWebhook,
} from './payments/rules.ts';
import { recordCharge } from './points/charge-commands.ts';
import { chargeCollectionOf } from './points/rules.ts';
import type { Shop } from './shop.ts';

/** Where payment providers send their messages: the method follows. */
export const WEBHOOKS_PATH = '/webhooks';

const SYSTEM: Actor = { kind: 'system' };
/** When a provider may send a message again that could not be taken now. */
const RETRY_AFTER_MS = 5_000;

export interface InboundWebhook {
  readonly method: string;
  /** As it came, unparsed. */
  readonly body: string;
  readonly headers: Headers;
}

/**
 * Takes a provider's message. It is only a hint: the provider itself is asked, and its word is recorded in the same
 * commit as the message, which is taken once. Fails with `PAYMENT_METHOD_UNKNOWN`, `WEBHOOK_REFUSED`, or with
 * `UNAVAILABLE` when the provider cannot be asked now, so that the message is sent again.
 */
export async function receiveWebhook(shop: Shop, { method, body, headers }: InboundWebhook): Promise<void> {
  const verdict = shop.providers.verifyWebhook(method, { body, headers, now: await shop.now() });
  if (!verdict) throw methodUnknown(method);
  if ('refused' in verdict) throw await refuse(shop, method, verdict.refused);
  const { messageId, key } = verdict;
  if (messageId.length > MESSAGE_ID_LENGTH_MAX) throw await refuse(shop, method, 'The id of the message is too long.');
  const webhook = { method, messageId };
  if (await shop.read().findOne(ProviderWebhook, { ...webhook, outcome: 'ACCEPTED' })) return;

  const about = parseProviderKey(key);
  // A refund is repeated until the provider says how it ended, so a message about it changes nothing.
  if (about?.kind === 'refund') return;
  if (about?.kind === 'payment') {
    const payment = await shop.read().findOne(Payment, { id: about.id, method });
    if (payment) return takeForPayment(shop, payment, webhook);
  }
  if (about?.kind === 'charge') {
    const charge = await shop.read().findOne(PointCharge, { id: about.id, method });
    if (charge) return takeForCharge(shop, charge, webhook);
  }
  throw await refuse(shop, method, `Nothing of ours is called ${key}.`);
}

const MESSAGE_ID_LENGTH_MAX = 255;

async function takeForPayment(shop: Shop, payment: Payment, webhook: TakenWebhook): Promise<void> {
  const { id: paymentId, orderId } = payment;
  const order = await shop.read().findOneOrFail(Order, { id: orderId });
  const isWanted = order.status === 'WAITING' && payment.status === 'PENDING';
  const settlement = await ask(shop, webhook, collectionOf(payment), { isWanted });
  await shop.unitOfWork.execute(recordPayment, { input: { orderId, paymentId, settlement, webhook }, actor: SYSTEM });
  if (settlement?.status === 'REFUSED') throw refusal();
}

async function takeForCharge(shop: Shop, charge: PointCharge, webhook: TakenWebhook): Promise<void> {
  const { id: chargeId, userId } = charge;
  const settlement = await ask(shop, webhook, chargeCollectionOf(charge), { isWanted: charge.status === 'PENDING' });
  await shop.unitOfWork.execute(recordCharge, { input: { userId, chargeId, settlement, webhook }, actor: SYSTEM });
  if (settlement?.status === 'REFUSED') throw refusal();
}

async function ask(
  shop: Shop,
  { method }: TakenWebhook,
  collection: Collection,
  options: { isWanted: boolean },
): Promise<Settlement | undefined> {
  const result = await shop.providers.lookUp(method, collection, options);
  if (result.status === 'NEVER_HEARD') throw await refuse(shop, method, `The provider knows no ${collection.key}.`);
  if (result.status === 'UNKNOWN') {
    throw new DomainError('UNAVAILABLE', 'The provider cannot be asked now. Send the message again.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  return settlementOf(result, collection);
}

async function refuse(shop: Shop, method: string, detail: string): Promise<DomainError> {
  await shop.unitOfWork.execute(recordRefusedWebhook, { input: { method, detail }, actor: SYSTEM });
  return refusal();
}

// Whoever forges messages is not told what gave them away.
function refusal(): DomainError {
  return new DomainError('WEBHOOK_REFUSED', 'The message is refused.', {});
}
