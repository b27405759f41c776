import type pg from 'pg';
import { one } from './database.ts';

/** How many events one round publishes. */
const EVENTS_MAX = 500;
const INTERVAL_MS = 1_000;

const isWaiting = { name: 'is-event-waiting', text: 'select id from outbox_events where position is null limit 1' };

// One process at a time: the lock lasts as long as the statement.
const publish = {
  name: 'publish-events',
  text: `with alone as materialized (select pg_try_advisory_xact_lock(7) as is_alone),
    waiting as (
      select id, row_number() over (order by created_at, id) as place from (
        select id, created_at from outbox_events, alone where position is null and is_alone
        order by created_at, id limit ${EVENTS_MAX}
      ) as oldest
    ), last as (select coalesce(max(position), 0) as position from outbox_events)
    update outbox_events set position = last.position + waiting.place from waiting, last
    where outbox_events.id = waiting.id`,
};

/** Gives committed events their positions, round after round, as the other server's job does. */
export function startPublishing(pool: pg.Pool): () => Promise<void> {
  let isStopped = false;
  let pause: NodeJS.Timeout | undefined;
  let round = Promise.resolve();
  const rest = (ms: number) => {
    pause = setTimeout(() => {
      round = run();
    }, ms);
  };
  const run = async () => {
    const done = (await one(pool, isWaiting, [])) ? (await pool.query(publish)).rowCount : 0;
    if (!isStopped) rest(done ? 0 : INTERVAL_MS);
  };
  rest(0);
  return async () => {
    isStopped = true;
    clearTimeout(pause);
    await round;
  };
}
