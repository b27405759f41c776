import { type EventType, type EventView, type Shop, toEventView } from '@baguni/api';
import { EventDelivery, EventEndpoint, OutboxEvent } from '@baguni/db';

type Recorded<Event> = Event extends EventView ? Omit<Event, 'position'> & { position: number | null } : never;

/** An event as the outbox holds it; `data` goes with `type`. Its position is `null` until it is published. */
export type RecordedEvent = Recorded<EventView>;

/** A recorded event of one type. */
export type RecordedEventOf<Type extends EventType> = Extract<RecordedEvent, { type: Type }>;

/** One event on its way to one endpoint. */
export interface RecordedDelivery {
  readonly eventId: number;
  readonly eventType: string;
  readonly endpointId: number;
  /** Where it is sent. */
  readonly url: string;
  /** PENDING until the endpoint has taken it; DEAD when it was tried too often. */
  readonly status: 'PENDING' | 'DELIVERED' | 'DEAD';
  readonly attempts: number;
  /** When it is tried next; `null` once it is DELIVERED or DEAD. */
  readonly nextAttemptAt: Date | null;
  /** Why the last attempt failed; `null` if none did. */
  readonly lastError: string | null;
  readonly deliveredAt: Date | null;
}

/** What has happened in an engine, and who was told. To look changes nothing: what is not published stays so. */
export class EngineEvents {
  readonly #shop: () => Shop;

  /** @internal */
  constructor(shop: () => Shop) {
    this.#shop = shop;
  }

  /** Every event: those that are published by position, then the others in the order in which they happened. */
  async all(): Promise<RecordedEvent[]> {
    const events = await this.#read(OutboxEvent);
    return events
      .map((event) => {
        const position = event.position ?? null;
        return { ...toEventView({ ...event, position: position ?? 0 }), position };
      })
      .sort(
        (a, b) =>
          (a.position ?? Number.POSITIVE_INFINITY) - (b.position ?? Number.POSITIVE_INFINITY) ||
          a.occurredAt.getTime() - b.occurredAt.getTime() ||
          a.id - b.id,
      );
  }

  /** The types of all events, in the same order. */
  async types(): Promise<EventType[]> {
    return (await this.all()).map(({ type }) => type);
  }

  /** The events of one type, in the same order. */
  async ofType<Type extends EventType>(type: Type): Promise<RecordedEventOf<Type>[]> {
    return (await this.all()).filter((event): event is RecordedEventOf<Type> => event.type === type);
  }

  /** What is or was on its way to endpoints, in the order in which the events were published. */
  async deliveries(): Promise<RecordedDelivery[]> {
    const types = new Map((await this.#read(OutboxEvent)).map(({ id, type }) => [id, type]));
    const urls = new Map((await this.#read(EventEndpoint)).map(({ id, url }) => [id, url]));
    const deliveries = await this.#read(EventDelivery);
    return deliveries
      .sort((a, b) => a.position - b.position || a.endpointId - b.endpointId)
      .map(({ eventId, endpointId, status, attempts, nextAttemptAt, lastError, deliveredAt }) => ({
        eventId,
        eventType: types.get(eventId) ?? '',
        endpointId,
        url: urls.get(endpointId) ?? '',
        status,
        attempts,
        nextAttemptAt: status === 'PENDING' ? nextAttemptAt : null,
        lastError: lastError ?? null,
        deliveredAt: deliveredAt ?? null,
      }));
  }

  #read<Row extends object>(kind: new () => Row): Promise<Row[]> {
    return this.#shop().read().findAll<Row>(kind, { disableIdentityMap: true });
  }
}
