import { randomBytes } from 'node:crypto';
import { command, EventDelivery, EventEndpoint, OutboxEvent } from '@baguni/db';
import { ATTEMPTS_MAX, endpointNotFound, eventNotFound } from './rules.ts';
import type { CreateEndpointInput, EndpointIdInput, ReplayInput } from './schema.ts';
import { toCreatedEndpointView, toEndpointView } from './views.ts';

const SECRET_BYTES = 32;
const ERROR_LENGTH_MAX = 500;
/**
 * How long a delivery belongs to the relay that claimed it. Longer than a request may take, so that another relay takes
 * it over only from one that has stopped.
 */
const LEASE_MS = 60_000;

export const createEndpoint = command({
  name: 'events.createEndpoint',
  load: (_rows, _input: CreateEndpointInput) => ({}),
  // The secret is made here and not in the input: a call that is sent again with its key gets the one that was kept.
  decide: (_loaded, { url, eventTypes }, changes) =>
    toCreatedEndpointView(
      changes.add(EventEndpoint, {
        url,
        secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
        eventTypes: eventTypes ?? null,
        disabledAt: null,
      }),
    ),
});

export const disableEndpoint = command({
  name: 'events.disableEndpoint',
  load: (rows, { endpointId }: EndpointIdInput) => ({ endpoint: rows.lock(EventEndpoint, { id: endpointId }) }),
  decide: ({ endpoint }, { endpointId }, { now }) => {
    if (!endpoint) throw endpointNotFound(endpointId);
    endpoint.disable(now);
    return toEndpointView(endpoint);
  },
});

export const enableEndpoint = command({
  name: 'events.enableEndpoint',
  load: (rows, { endpointId }: EndpointIdInput) => ({ endpoint: rows.lock(EventEndpoint, { id: endpointId }) }),
  decide: ({ endpoint }, { endpointId }, { now }) => {
    if (!endpoint) throw endpointNotFound(endpointId);
    endpoint.enable(now);
    return toEndpointView(endpoint);
  },
});

/** Sends events to an endpoint again, or for the first time: dead ones, those it has taken, those from before it was there. */
export const replayEvents = command({
  name: 'events.replay',
  load: (rows, { endpointId, eventIds }: ReplayInput) => ({
    // Locked, so that two replays cannot both add a delivery of one event.
    endpoint: rows.lock(EventEndpoint, { id: endpointId }),
    deliveries: rows.lockAll(EventDelivery, { endpointId, eventId: eventIds }),
    events: rows.findAll(OutboxEvent, { id: eventIds }),
  }),
  decide: ({ endpoint, deliveries, events }, { endpointId, eventIds }, changes) => {
    if (!endpoint) throw endpointNotFound(endpointId);
    const wanted = [...new Set(eventIds)].map((eventId) => {
      const event = events.find(({ id }) => id === eventId);
      if (!event || event.position == null) throw eventNotFound(eventId);
      const { aggregateType, aggregateId, position } = event;
      return { eventId, aggregateType, aggregateId, position };
    });
    let replayed = 0;
    for (const event of wanted) {
      const delivery = deliveries.find(({ eventId }) => eventId === event.eventId);
      if (delivery?.status === 'PENDING') continue;
      replayed++;
      if (delivery) delivery.replay(changes.now);
      else changes.add(EventDelivery, { endpointId, ...event, ...EventDelivery.untried(changes.now) });
    }
    return { replayed };
  },
});

/** What a relay has to itself until `until`. */
export interface Claim {
  readonly deliveryIds: number[];
  readonly now: Date;
  readonly until: Date;
}

export const claimDeliveries = command({
  name: 'events.claimDeliveries',
  load: (rows, { deliveryIds }: { deliveryIds: number[] }) => ({
    deliveries: rows.lockAll(EventDelivery, { id: deliveryIds }),
  }),
  decide: ({ deliveries }, _input, { now }): Claim => {
    const until = new Date(now.getTime() + LEASE_MS);
    // Another relay may have been faster: what it has claimed is due later now.
    const claimed = deliveries.filter((delivery) => delivery.isDue(now));
    for (const delivery of claimed) delivery.claim(until, now);
    return { deliveryIds: claimed.map(({ id }) => id), now, until };
  },
});

export const markDelivered = command({
  name: 'events.markDelivered',
  load: (rows, { deliveryId }: { deliveryId: number }) => ({ delivery: rows.lock(EventDelivery, { id: deliveryId }) }),
  decide: ({ delivery }, _input, { now }) => {
    // It has arrived, also if another relay has taken it over meanwhile.
    if (delivery?.status === 'PENDING') delivery.markDelivered(now);
    return {};
  },
});

interface Failed {
  readonly deliveryId: number;
  readonly until: Date;
  readonly error: string;
  readonly delayMs: number;
}

export const markFailed = command({
  name: 'events.markFailed',
  load: (rows, { deliveryId }: Failed) => ({ delivery: rows.lock(EventDelivery, { id: deliveryId }) }),
  decide: ({ delivery }, { until, error, delayMs }, { now }) => {
    // If another relay has taken it over, that one tells how it went.
    const isOurs = delivery?.status === 'PENDING' && delivery.nextAttemptAt.getTime() === until.getTime();
    if (delivery && isOurs) {
      delivery.markFailed({ error: error.slice(0, ERROR_LENGTH_MAX), delayMs, attemptsMax: ATTEMPTS_MAX }, now);
    }
    return {};
  },
});
