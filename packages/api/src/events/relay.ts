import { EventDelivery, EventEndpoint, OutboxEvent, raw } from '@baguni/db';
import { Webhook } from 'standardwebhooks';
import type { Shop } from '../shop.ts';
import { claimDeliveries, markDelivered, markFailed } from './commands.ts';
import { backoffMs, messageIdOf } from './rules.ts';
import { toEventView } from './views.ts';

/** How many deliveries one round sends, all at once; each is another endpoint's or another aggregate's. */
const DELIVERIES_MAX = 50;

export interface RelayOptions {
  /** Called between sending and marking, to stop a relay there in a test. */
  readonly afterSend?: (delivery: { readonly eventId: number }) => Promise<void>;
  /** Chance for the pauses, 0 to 1, without 1; the shop's unless said otherwise. */
  readonly random?: () => number;
}

/**
 * Sends events to endpoints: of one aggregate in order, each at least once under one id. Safe in any number of
 * processes: a delivery belongs for a while to the one that claimed it, and to another if that one stops.
 * Gives the number of deliveries that were tried.
 */
export async function relayEvents(shop: Shop, { afterSend, random = shop.random }: RelayOptions = {}): Promise<number> {
  const system = { kind: 'system' } as const;
  const deliveryIds = await findDue(shop);
  if (deliveryIds.length === 0) return 0;
  const claim = await shop.unitOfWork.execute(claimDeliveries, { input: { deliveryIds }, actor: system });
  const messages = await loadMessages(shop, claim.deliveryIds);
  const ended = await Promise.allSettled(
    messages.map(async ({ delivery, endpoint, event }) => {
      const { id: deliveryId, eventId, attempts } = delivery;
      const error = await send(shop, { endpoint, event, sentAt: claim.now });
      await afterSend?.({ eventId });
      if (error === undefined) {
        await shop.unitOfWork.execute(markDelivered, { input: { deliveryId }, actor: system });
      } else {
        const delayMs = backoffMs(attempts + 1, random());
        const input = { deliveryId, until: claim.until, error, delayMs };
        await shop.unitOfWork.execute(markFailed, { input, actor: system });
      }
    }),
  );
  for (const result of ended) if (result.status === 'rejected') throw result.reason;
  return messages.length;
}

// Of one endpoint and aggregate only the oldest that is pending; the others wait until it is delivered or dead.
const IS_OLDEST = raw(
  (alias) => `not exists (select 1 from event_deliveries as older
    where older.endpoint_id = ${alias}.endpoint_id and older.aggregate_type = ${alias}.aggregate_type
    and older.aggregate_id = ${alias}.aggregate_id and older.status = 'PENDING' and older.position < ${alias}.position)`,
);

/** When the next delivery is to be tried, after this moment. */
export async function nextDeliveryAt(shop: Shop, after: Date): Promise<Date | undefined> {
  const [next] = await findNext(shop, { $gt: after }, 1);
  return next?.nextAttemptAt;
}

async function findDue(shop: Shop): Promise<number[]> {
  const due = await findNext(shop, { $lte: await shop.now() }, DELIVERIES_MAX);
  return due.map(({ id }) => id);
}

async function findNext(shop: Shop, nextAttemptAt: { $lte: Date } | { $gt: Date }, limit: number) {
  const em = shop.read();
  const endpoints = await em.find(EventEndpoint, { disabledAt: null }, { fields: ['id'], disableIdentityMap: true });
  if (endpoints.length === 0) return [];
  return em.find(
    EventDelivery,
    { status: 'PENDING', nextAttemptAt, endpointId: endpoints.map(({ id }) => id), [IS_OLDEST]: [] },
    {
      fields: ['id', 'nextAttemptAt'],
      orderBy: { nextAttemptAt: 'asc', id: 'asc' },
      limit,
      disableIdentityMap: true,
    },
  );
}

interface Message {
  readonly delivery: EventDelivery;
  readonly endpoint: EventEndpoint;
  readonly event: OutboxEvent;
}

async function loadMessages(shop: Shop, deliveryIds: readonly number[]): Promise<Message[]> {
  const em = shop.read();
  const options = { disableIdentityMap: true } as const;
  const deliveries = await em.find(EventDelivery, { id: { $in: deliveryIds } }, options);
  const events = await em.find(OutboxEvent, { id: { $in: deliveries.map(({ eventId }) => eventId) } }, options);
  const endpoints = await em.find(
    EventEndpoint,
    { id: { $in: deliveries.map(({ endpointId }) => endpointId) } },
    options,
  );
  return deliveries.flatMap((delivery) => {
    const event = events.find(({ id }) => id === delivery.eventId);
    const endpoint = endpoints.find(({ id }) => id === delivery.endpointId);
    return event && endpoint ? [{ delivery, event, endpoint }] : [];
  });
}

/** Gives what went wrong, if anything did. */
async function send(
  shop: Shop,
  { endpoint, event, sentAt }: Pick<Message, 'endpoint' | 'event'> & { sentAt: Date },
): Promise<string | undefined> {
  try {
    const id = messageIdOf(event.id);
    const { type, schemaVersion, occurredAt, data } = toEventView(event);
    const body = JSON.stringify({ id, type, schemaVersion, occurredAt, data });
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': new Webhook(endpoint.secret).sign(id, sentAt, body),
    };
    const status = await shop.endpoints.post(endpoint.url, headers, body);
    return status >= 200 && status < 300 ? undefined : `HTTP ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  }
}
