import type { EntityClass } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Database } from '../database.ts';
import type { IdSource } from '../engines/engine.ts';
import { OutboxEvent } from '../entities/index.ts';
import { DomainError } from '../errors.ts';
import { EVENT_VERSIONS, type NewEvent } from '../events.ts';
import type { Circumstances, ShopSettings } from '../settings.ts';
import type { Changes, Fields } from './changes.ts';
import { CommitUnconfirmed, mayHaveCommitted } from './failure.ts';
import { type KeyOfCaller, keyText, newRecord, type Outcome, readRecords, replay } from './idempotency.ts';
import { assertRefusalIsClean, stateOf } from './refusal-guard.ts';
import { type CommandRows, RowLoader } from './row-loader.ts';
import { RowWriter } from './row-writer.ts';
import type { Task } from './task.ts';

/** A task under the key that makes it count once. */
export interface KeyedTask {
  readonly task: Task;
  readonly idempotencyKey: KeyOfCaller;
  /** Whether the caller knows the key and may ask again with it. */
  readonly isKeyKnown: boolean;
}

export interface BatchSettings {
  readonly database: Database;
  readonly ids: IdSource;
  /** The test engine's clock; the database's own when there is none. */
  readonly clock: (() => Date) | undefined;
  /** How the shop does business. */
  readonly shop: ShopSettings;
  readonly rowLocks: boolean;
  readonly verifyRefusals: boolean;
}

/**
 * Runs commands together in one transaction and gives each one's outcome, in their order.
 * `undefined` is the outcome of a command whose load went by rows that an earlier one then changed:
 * it has to run again. Either all of it is committed or, when this throws, nothing.
 */
export async function runBatch(
  tasks: readonly KeyedTask[],
  settings: BatchSettings,
  onLocked: () => void,
): Promise<(Outcome | undefined)[]> {
  // A fresh EntityManager for each attempt: after a rollback the identity map no longer matches the database.
  const em = settings.database.fork();
  await em.begin();
  try {
    const outcomes = await decideAll(em, tasks, settings, onLocked);
    // Everything is written, and the commit need not look among all these rows for more.
    em.clear();
    await commit(em);
    return outcomes;
  } catch (error) {
    // Also after a COMMIT in doubt: its connection is dead, and this is what gives its place in the pool back.
    await rollBackQuietly(em);
    throw error;
  }
}

async function commit(em: SqlEntityManager): Promise<void> {
  try {
    await em.commit();
  } catch (error) {
    if (mayHaveCommitted(error)) throw new CommitUnconfirmed('The connection broke during COMMIT.', { cause: error });
    throw error;
  }
}

// The first error says what happened; a rollback on a dead connection can only fail.
async function rollBackQuietly(em: SqlEntityManager): Promise<void> {
  if (!em.isInTransaction()) return;
  try {
    await em.rollback();
  } catch {}
}

async function decideAll(
  em: SqlEntityManager,
  tasks: readonly KeyedTask[],
  settings: BatchSettings,
  onLocked: () => void,
): Promise<(Outcome | undefined)[]> {
  const { database, clock, ids, rowLocks, shop } = settings;
  const { now: databaseNow, records } = await readRecords(
    em,
    database.engine,
    tasks.map(({ idempotencyKey }) => idempotencyKey),
  );
  const circumstances = { now: clock ? clock() : databaseNow, settings: shop };

  const loader = new RowLoader(em, { engine: database.engine, rowLocks });
  const writer = new RowWriter(em, database.engine);
  const fresh = tasks.filter(({ idempotencyKey }) => !records.has(keyText(idempotencyKey)));
  const rowsOf = new Map(fresh.map(({ task }) => [task, loader.rowsForCommand(circumstances)]));
  const decisions = await loader.finish([...rowsOf].map(([task, rows]) => task.load(rows)));
  const decideOf = new Map(fresh.map(({ task }, index) => [task, decisions[index]]));
  await ids.prepare(em);
  onLocked();

  const outcomes = tasks.map(({ task, idempotencyKey, isKeyKnown }) => {
    const stored = records.get(keyText(idempotencyKey));
    if (stored) return replay(stored, task, idempotencyKey.key);
    const rows = rowsOf.get(task);
    const decide = decideOf.get(task);
    if (!rows || !decide || rows.isStale) return undefined;

    const changes = new CommandChanges(em, ids, circumstances);
    const outcome = decideOne(decide, changes, rows, settings);
    if ('answer' in outcome) {
      loader.noteChanges({ locked: rows.locked, added: changes.added, removed: changes.removed });
      for (const row of changes.added) writer.add(row);
      for (const row of changes.removed) writer.remove(row);
    }
    // A refusal changes nothing, so it is worth keeping only for a caller who can ask for it again.
    if (isKeyKnown || 'answer' in outcome) writer.add(newRecord(task, idempotencyKey, outcome, circumstances.now));
    return outcome;
  });
  await writer.write(loader.locked);
  return outcomes;
}

function decideOne(
  decide: (changes: Changes) => unknown,
  changes: CommandChanges,
  rows: CommandRows,
  { verifyRefusals }: BatchSettings,
): Outcome {
  const before = verifyRefusals ? stateOf(rows) : undefined;
  try {
    return { answer: decide(changes) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (before) assertRefusalIsClean(error, before, stateOf(rows), changes);
    return { refusal: error };
  }
}

/** The changes of one command; they join the batch's only when its decision returns. */
class CommandChanges implements Changes {
  readonly settings: ShopSettings;
  readonly now: Date;
  readonly added: object[] = [];
  readonly removed: object[] = [];

  readonly #em: SqlEntityManager;
  readonly #ids: IdSource;

  constructor(em: SqlEntityManager, ids: IdSource, { settings, now }: Circumstances) {
    this.settings = settings;
    this.#em = em;
    this.#ids = ids;
    this.now = now;
  }

  add<Entity extends object>(type: EntityClass<Entity>, fields: Fields<Entity>): Entity {
    const { prototype, tableName, properties } = this.#em.getMetadata().get(type);
    const { now } = this;
    const id = this.#ids.next(tableName);
    const version = 'version' in properties ? { version: 1 } : {};
    // Plain columns with the entity's methods: the ORM's setters would have the row tracked, which nobody reads.
    const row: Entity = Object.setPrototypeOf({ ...fields, id, createdAt: now, updatedAt: now, ...version }, prototype);
    this.added.push(row);
    return row;
  }

  remove(row: object): void {
    this.removed.push(row);
  }

  emit(event: NewEvent): void {
    const payload = { ...event.payload };
    this.add(OutboxEvent, { ...event, payload, schemaVersion: EVENT_VERSIONS[event.type], position: null });
  }
}
