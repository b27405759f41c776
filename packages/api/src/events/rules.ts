import type { EventDelivery, EventEndpoint } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { DeliveryView } from './schema.ts';

/** How often an event is sent to an endpoint before it is dead. With the pauses below, some nine hours. */
export const ATTEMPTS_MAX = 16;
const BACKOFF_MS = 2_000;
const BACKOFF_MAX_MS = 6 * 60 * 60 * 1_000;

/**
 * How long to wait after so many failed attempts: exponential, with full jitter, so that what failed together
 * does not come back together. `random` is 0 to 1, without 1.
 */
export function backoffMs(attempts: number, random: number): number {
  return Math.floor(random * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempts - 1)));
}

interface Committed {
  readonly id: number;
  readonly aggregateType: string;
  readonly aggregateId: number;
  readonly aggregateVersion: number;
  readonly createdAt: Date;
}

/**
 * The order in which committed events are published: by time, but of one aggregate by its versions. Times alone do not
 * tell, because a transaction takes its time before it waits for its locks; nor do ids, because every process has a
 * stock of them. Each aggregate's events go, in their own order, to the places that its events have by time.
 */
export function inOrderOfPublication<Event extends Committed>(events: readonly Event[]): Event[] {
  const queues = new Map(
    [...Map.groupBy(events, aggregateOf)].map(([aggregate, own]) => [
      aggregate,
      own.sort((a, b) => a.aggregateVersion - b.aggregateVersion || a.id - b.id).values(),
    ]),
  );
  return events
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id)
    .flatMap((event) => queues.get(aggregateOf(event))?.next().value ?? []);
}

function aggregateOf({ aggregateType, aggregateId }: Committed): string {
  return `${aggregateType}:${aggregateId}`;
}

/** Whether an endpoint asked for events of this type. */
export function wants({ eventTypes }: Pick<EventEndpoint, 'eventTypes'>, type: string): boolean {
  return eventTypes == null || eventTypes.includes(type);
}

/** The id under which an event is sent, each time it is sent. */
export function messageIdOf(eventId: number): string {
  return `evt_${eventId}`;
}

export function toDeliveryView(delivery: EventDelivery): DeliveryView {
  const { id, endpointId, eventId, status, attempts, nextAttemptAt, createdAt } = delivery;
  const { lastError = null, deliveredAt = null } = delivery;
  return { id, endpointId, eventId, status, attempts, nextAttemptAt, lastError, deliveredAt, createdAt };
}

export function endpointNotFound(endpointId: number): DomainError {
  return new DomainError('ENDPOINT_NOT_FOUND', `There is no endpoint ${endpointId}.`, { endpointId });
}

export function eventNotFound(eventId: number): DomainError {
  return new DomainError('EVENT_NOT_FOUND', `There is no published event ${eventId}.`, { eventId });
}
