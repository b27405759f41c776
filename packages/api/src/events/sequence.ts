import { type Database, type EntityManager, EventDelivery, EventEndpoint, OutboxEvent } from '@baguni/db';
import { inOrderOfPublication, wants } from './rules.ts';

/** How many events one round publishes, and a few more that must come before them. */
export const EVENTS_SEQUENCED_MAX = 500;

const COLUMNS = ['id', 'type', 'aggregateType', 'aggregateId', 'aggregateVersion', 'createdAt'] as const;

type Unplaced = Pick<OutboxEvent, (typeof COLUMNS)[number]>;

/** Where events are read and placed. `clock` is a test's; the database's own when there is none. */
export interface Outbox {
  readonly database: Database;
  now(): Promise<Date>;
}

/**
 * Publishes committed events: gives each its position, and a delivery for every endpoint that wants it.
 * Any number of processes may call it; one at a time does the work. Gives the number of events that were published.
 */
export async function sequenceEvents(outbox: Outbox): Promise<number> {
  const { database } = outbox;
  // Mostly there is nothing to do, and that is seen without a transaction.
  if (await isSequenced(outbox)) return 0;
  const now = await outbox.now();
  const published = await database.alone('sequencing', async (em) => {
    const events = inOrderOfPublication(await withPredecessors(em, await findUnplaced(em, EVENTS_SEQUENCED_MAX)));
    const last = await lastPosition(em);
    const placed = events.map((event, index) => ({ ...event, position: last + index + 1 }));
    await place(em, placed);
    await addDeliveries(em, placed, now);
    return placed.length;
  });
  return published ?? 0;
}

/** Whether every committed event is published. */
export async function isSequenced({ database }: Outbox): Promise<boolean> {
  return (await findUnplaced(database.fork(), 1)).length === 0;
}

/** The position of the event that was published last; 0 when there is none. */
export async function lastPosition(em: EntityManager): Promise<number> {
  const [last] = await em.find(
    OutboxEvent,
    { position: { $ne: null } },
    { fields: ['position'], orderBy: { position: 'desc' }, limit: 1, disableIdentityMap: true },
  );
  return last?.position ?? 0;
}

async function findUnplaced(em: EntityManager, limit: number): Promise<Unplaced[]> {
  return em.find(
    OutboxEvent,
    { position: null },
    { fields: COLUMNS, orderBy: { createdAt: 'asc', id: 'asc' }, limit, disableIdentityMap: true },
  );
}

/**
 * These events, and whatever of the same aggregates must come before them. An aggregate's earlier change was committed
 * before its later one was made, so whoever sees the later event finds the earlier one.
 */
async function withPredecessors(em: EntityManager, events: Unplaced[]): Promise<Unplaced[]> {
  if (events.length < EVENTS_SEQUENCED_MAX) return events;
  const latest = new Map<string, Unplaced>();
  for (const event of events) {
    const aggregate = `${event.aggregateType}:${event.aggregateId}`;
    const known = latest.get(aggregate);
    if (!known || known.aggregateVersion < event.aggregateVersion) latest.set(aggregate, event);
  }
  const upTo = [...latest.values()].map(({ aggregateType, aggregateId, aggregateVersion }) => ({
    aggregateType,
    aggregateId,
    aggregateVersion: { $lte: aggregateVersion },
  }));
  return em.find(OutboxEvent, { position: null, $or: upTo }, { fields: COLUMNS, disableIdentityMap: true });
}

type Placed = Unplaced & { readonly position: number };

async function place(em: EntityManager, events: readonly Placed[]): Promise<void> {
  if (events.length === 0) return;
  const given = events.map(({ id, position }) => `(${id}, ${position})`).join();
  await em.execute(
    `with given(id, position) as (values ${given})
     update outbox_events set position = given.position from given where outbox_events.id = given.id`,
  );
}

async function addDeliveries(em: EntityManager, events: readonly Placed[], now: Date): Promise<void> {
  const endpoints = await em.find(EventEndpoint, { disabledAt: null }, { disableIdentityMap: true });
  const deliveries = endpoints.flatMap((endpoint) =>
    events
      .filter(({ type }) => wants(endpoint, type))
      .map(({ id: eventId, aggregateType, aggregateId, position }) => ({
        endpointId: endpoint.id,
        eventId,
        aggregateType,
        aggregateId,
        position,
        status: 'PENDING' as const,
        attempts: 0,
        nextAttemptAt: now,
        createdAt: now,
        updatedAt: now,
      })),
  );
  if (deliveries.length > 0) await em.insertMany(EventDelivery, deliveries);
}
