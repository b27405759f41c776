import { defineEntity, p } from '@mikro-orm/core';
import { id, instant, timestamps } from './columns.ts';
import { EventEndpoint } from './event-endpoint.ts';
import { OutboxEvent } from './outbox-event.ts';

export const EVENT_DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type EventDeliveryStatus = (typeof EVENT_DELIVERY_STATUSES)[number];

const EventDeliverySchema = defineEntity({
  name: 'EventDelivery',
  tableName: 'event_deliveries',
  properties: {
    id: id(),
    endpointId: () => p.manyToOne(EventEndpoint).mapToPk().joinColumn('endpoint_id').index(false),
    eventId: () => p.manyToOne(OutboxEvent).mapToPk().joinColumn('event_id').index(),
    // Copied from the event: of one aggregate's events, the oldest that is PENDING goes first.
    aggregateType: p.string().length(50),
    aggregateId: p.bigint('number'),
    position: p.bigint('number'),
    status: p.enum(EVENT_DELIVERY_STATUSES),
    attempts: p.integer(),
    nextAttemptAt: instant(),
    lastError: p.string().length(500).nullable(),
    deliveredAt: instant().nullable(),
    ...timestamps,
  },
  uniques: [{ name: 'event_deliveries_endpoint_id_event_id_unique', properties: ['endpointId', 'eventId'] }],
  indexes: [
    { name: 'event_deliveries_due_index', properties: ['nextAttemptAt'], where: { status: 'PENDING' } },
    {
      name: 'event_deliveries_order_index',
      properties: ['endpointId', 'aggregateType', 'aggregateId', 'position'],
      where: { status: 'PENDING' },
    },
  ],
  checks: [{ name: 'event_deliveries_attempts_check', expression: 'attempts >= 0' }],
});

/** One event on its way to one endpoint. */
export class EventDelivery extends EventDeliverySchema.class {
  /** What a delivery begins with. */
  static untried(now: Date) {
    return { status: 'PENDING' as const, attempts: 0, nextAttemptAt: now, lastError: null, deliveredAt: null };
  }

  isDue(now: Date): boolean {
    return this.status === 'PENDING' && this.nextAttemptAt <= now;
  }

  /** Keeps other relays away until then. */
  claim(until: Date, now: Date): void {
    this.nextAttemptAt = until;
    this.updatedAt = now;
  }

  markDelivered(now: Date): void {
    this.status = 'DELIVERED';
    this.attempts += 1;
    this.deliveredAt = now;
    this.lastError = null;
    this.updatedAt = now;
  }

  /** Counts a failed attempt. It is tried again after the delay, or is dead when it was tried often enough. */
  markFailed({ error, delayMs, attemptsMax }: FailedAttempt, now: Date): void {
    this.attempts += 1;
    this.status = this.attempts >= attemptsMax ? 'DEAD' : 'PENDING';
    this.nextAttemptAt = new Date(now.getTime() + delayMs);
    this.lastError = error;
    this.updatedAt = now;
  }

  /** Sends it once more, as if it had never been tried. */
  replay(now: Date): void {
    Object.assign(this, EventDelivery.untried(now));
    this.updatedAt = now;
  }
}

interface FailedAttempt {
  readonly error: string;
  readonly delayMs: number;
  readonly attemptsMax: number;
}

EventDeliverySchema.setClass(EventDelivery);
