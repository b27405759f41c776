import { type Database, type EntityManager, EventDelivery, EventEndpoint, type OutboxEvent } from '@baguni/db';
import { inOrderOfPublication, wants } from './rules.ts';

type Engine = Database['engine'];

/** How many events one round publishes, and a few more that must come before them. */
export const EVENTS_SEQUENCED_MAX = 500;

/** A committed event that has no place in the stream yet, as far as its place depends on it. */
type Unplaced = Pick<OutboxEvent, 'id' | 'type' | 'aggregateType' | 'aggregateId' | 'aggregateVersion' | 'createdAt'>;

/** Where events are read and placed. `clock` is a test's; the database's own when there is none. */
export interface Outbox {
  readonly database: Database;
  now(): Promise<Date>;
}

/**
 * Publishes committed events: gives each its position, and a delivery for every endpoint that wants it.
 * Any number of processes may call it; one at a time does the work. Gives the number of events that were published.
 */
export async function sequenceEvents(
  outbox: Outbox,
  { roundSize = EVENTS_SEQUENCED_MAX }: { roundSize?: number } = {},
): Promise<number> {
  const { database } = outbox;
  // Mostly there is nothing to do, and that is seen without a transaction.
  if (await isSequenced(outbox)) return 0;
  const now = await outbox.now();
  const published = await database.alone('sequencing', async (em) => {
    const events = inOrderOfPublication(await findUnplaced(em, database.engine, roundSize));
    const last = await lastPosition(em);
    const placed = events.map((event, index) => ({ ...event, position: last + index + 1 }));
    await place(em, database.engine, placed);
    await addDeliveries(em, placed, now);
    return placed.length;
  });
  return published ?? 0;
}

/** Whether every committed event is published. */
export async function isSequenced({ database }: Outbox): Promise<boolean> {
  const unplaced = await database
    .fork()
    .execute('select id from outbox_events where position is null order by created_at limit 1');
  return unplaced.length === 0;
}

/** The position of the event that was published last; 0 when there is none. */
export async function lastPosition(em: EntityManager): Promise<number> {
  const [last] = await em.execute<{ position: number | string | null }[]>(
    'select max(position) as position from outbox_events',
  );
  return Number(last?.position ?? 0);
}

interface UnplacedRow {
  id: number | string;
  type: string;
  aggregate_type: string;
  aggregate_id: number | string;
  aggregate_version: number | string;
  created_ms: number | string;
}

/**
 * The oldest events, and whatever of the same aggregates must come before them. An aggregate's earlier change was committed
 * before its later one was made, so whoever sees the later event finds the earlier one.
 */
async function findUnplaced(em: EntityManager, { millisecondsSql }: Engine, limit: number): Promise<Unplaced[]> {
  const rows = await em.execute<UnplacedRow[]>(
    `with oldest as (
       select aggregate_type, aggregate_id, aggregate_version from outbox_events
       where position is null order by created_at, id limit ?
     ), latest as (
       select aggregate_type, aggregate_id, max(aggregate_version) as aggregate_version from oldest
       group by aggregate_type, aggregate_id
     )
     select event.id, event.type, event.aggregate_type, event.aggregate_id, event.aggregate_version,
       ${millisecondsSql('event.created_at')} as created_ms
     from outbox_events as event join latest
       on latest.aggregate_type = event.aggregate_type and latest.aggregate_id = event.aggregate_id
       and event.aggregate_version <= latest.aggregate_version
     where event.position is null`,
    [limit],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    type: row.type,
    aggregateType: row.aggregate_type,
    aggregateId: Number(row.aggregate_id),
    aggregateVersion: Number(row.aggregate_version),
    createdAt: new Date(Number(row.created_ms)),
  }));
}

type Placed = Unplaced & { readonly position: number };

async function place(em: EntityManager, { given }: Engine, events: readonly Placed[]): Promise<void> {
  if (events.length === 0) return;
  const places = given([
    { field: 'id', type: 'bigint' },
    { field: 'position', type: 'bigint' },
  ]);
  await em.execute(
    `update outbox_events set position = given.position from ${places} where outbox_events.id = given.id`,
    [JSON.stringify(events.map(({ id, position }) => ({ id, position })))],
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
