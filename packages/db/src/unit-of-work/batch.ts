import type { EntityClass } from '@mikro-orm/core';
import type { Database } from '../database.ts';
import type { IdSource } from '../engines/engine.ts';
import { OutboxEvent } from '../entities/index.ts';
import { DomainError } from '../errors.ts';
import { EVENT_VERSIONS, type NewEvent } from '../events.ts';
import type { Circumstances, ShopSettings } from '../settings.ts';
import type { Changes, Fields } from './changes.ts';
import { type KeyOfCaller, keyText, newRecord, type Outcome, readRecords, replay } from './idempotency.ts';
import { assertRefusalIsClean, stateOf } from './refusal-guard.ts';
import { type CommandRows, RowLoader } from './row-loader.ts';
import { RowWriter } from './row-writer.ts';
import type { Task } from './task.ts';
import { Transaction } from './transaction.ts';

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
  const transaction = await Transaction.begin(settings.database);
  try {
    const outcomes = await decideAll(transaction, tasks, settings, onLocked);
    await transaction.commit();
    return outcomes;
  } catch (error) {
    await transaction.rollBack();
    throw error;
  }
}

async function decideAll(
  transaction: Transaction,
  tasks: readonly KeyedTask[],
  settings: BatchSettings,
  onLocked: () => void,
): Promise<(Outcome | undefined)[]> {
  const { clock, ids, rowLocks, shop } = settings;
  const keys = tasks.map(({ idempotencyKey }) => idempotencyKey);
  const { now: databaseNow, records } = await readRecords(transaction, keys);
  const circumstances = { now: clock ? clock() : databaseNow, settings: shop };

  const loader = new RowLoader(transaction, { rowLocks });
  const writer = new RowWriter(transaction);
  const fresh = tasks.filter(({ idempotencyKey }) => !records.has(keyText(idempotencyKey)));
  const rowsOf = new Map(fresh.map(({ task }) => [task, loader.rowsForCommand(circumstances)]));
  const decisions = await loader.finish([...rowsOf].map(([task, rows]) => task.load(rows)));
  const decideOf = new Map(fresh.map(({ task }, index) => [task, decisions[index]]));
  await ids.prepare(transaction);
  onLocked();

  const outcomes = tasks.map(({ task, idempotencyKey, isKeyKnown }) => {
    const stored = records.get(keyText(idempotencyKey));
    if (stored) return replay(stored, task, idempotencyKey.key);
    const rows = rowsOf.get(task);
    const decide = decideOf.get(task);
    if (!rows || !decide || rows.isStale) return undefined;

    const changes = new CommandChanges(transaction, ids, circumstances);
    const outcome = decideOne(decide, changes, rows, settings);
    if ('answer' in outcome) {
      loader.noteChanges({ locked: rows.locked, added: changes.added, removed: changes.removed });
      for (const row of changes.added) writer.add(row);
      for (const row of changes.removed) writer.remove(row);
    }
    // A refusal changes nothing, so it is worth keeping only for a caller who can ask for it again.
    if (isKeyKnown || 'answer' in outcome) {
      writer.add(newRecord(task, idempotencyKey, outcome, { transaction, now: circumstances.now }));
    }
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

  readonly #transaction: Transaction;
  readonly #ids: IdSource;

  constructor(transaction: Transaction, ids: IdSource, { settings, now }: Circumstances) {
    this.settings = settings;
    this.#transaction = transaction;
    this.#ids = ids;
    this.now = now;
  }

  add<Entity extends object>(type: EntityClass<Entity>, fields: Fields<Entity>): Entity {
    const { tableName, properties } = this.#transaction.metadataOf(type);
    const { now } = this;
    const id = this.#ids.next(tableName);
    const version = 'version' in properties ? { version: 1 } : {};
    const row = this.#transaction.rows.newRow(type, { ...fields, id, createdAt: now, updatedAt: now, ...version });
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
