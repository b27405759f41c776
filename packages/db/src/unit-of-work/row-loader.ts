import type { EntityClass } from '@mikro-orm/core';
import type { Circumstances, ShopSettings } from '../settings.ts';
import { lockRank } from './lock-order.ts';
import { type Key, readRows } from './row-query.ts';
import type { Identified, Pending, Rows, Where } from './rows.ts';
import type { Transaction } from './transaction.ts';

type Row = Record<string, unknown>;

/**
 * Fetches the rows that the commands of one transaction ask for, merged: one query for each kind of row.
 *
 * Every load first runs until it waits for rows. Then plain reads are fetched, and after them the locks,
 * lowest rank first, so that the transaction as a whole keeps the lock order however its commands are mixed.
 */
export class RowLoader {
  /** The rows that this transaction may change. */
  readonly locked = new Set<object>();

  readonly #transaction: Transaction;
  readonly #rowLocks: boolean;
  readonly #joined = new Map<EntityClass<object>, Set<Row>>();
  readonly #removed = new Set<object>();
  readonly #lookupColumns = new Map<EntityClass<object>, Set<string>>();
  readonly #lookedUpAs = new Map<object, string>();
  /** How many commands may still ask for rows. */
  #naming = 0;
  #waiting: RowRequest[] = [];

  constructor(transaction: Transaction, { rowLocks }: { rowLocks: boolean }) {
    this.#transaction = transaction;
    this.#rowLocks = rowLocks;
  }

  /** The rows of one command. */
  rowsForCommand(circumstances: Circumstances): CommandRows {
    this.#naming++;
    return new CommandRows(this, circumstances);
  }

  /** One command less that asks for rows. */
  noteNamed(): void {
    this.#naming--;
  }

  /** Runs loads that were started with `rowsForCommand` until each of them is done. */
  async finish<T>(loads: Promise<T>[]): Promise<T[]> {
    let failure: { error: unknown } | undefined;
    let running = loads.length;
    for (const load of loads) {
      load.then(
        () => running--,
        (error) => {
          running--;
          failure ??= { error };
        },
      );
    }
    for (;;) {
      await everyoneWaits();
      if (failure) throw failure.error;
      if (this.#waiting.length > 0) await this.#fetchNext();
      else if (running === 0) break;
      else throw new Error('A load awaits something other than its rows.');
    }
    for (const row of this.locked) this.#lookedUpAs.set(row, this.#lookupText(row));
    return Promise.all(loads);
  }

  request(request: RowRequest): void {
    this.#waiting.push(request);
    const columns = this.#lookupColumns.get(request.type) ?? new Set();
    for (const column of Object.keys(request.key)) columns.add(column);
    this.#lookupColumns.set(request.type, columns);
  }

  /** Rows that a lookup may find now though the database did not find them for it: added since, or changed. */
  joined(type: EntityClass<object>): Iterable<Row> {
    return this.#joined.get(type) ?? [];
  }

  /** What a row holds, as text to compare. */
  fingerprint(type: EntityClass<object>, rows: readonly Row[]): string {
    const columns = this.#transaction.metadataOf(type).props.map(({ name }) => name);
    return JSON.stringify(rows.map((row) => columns.map((column) => row[column])));
  }

  isRemoved(row: object): boolean {
    return this.#removed.has(row);
  }

  /** From here on, later commands of the transaction see these changes. */
  noteChanges({ locked, added, removed }: { [Kind in 'locked' | 'added' | 'removed']: Iterable<object> }): void {
    for (const row of locked) if (this.#lookedUpAs.get(row) !== this.#lookupText(row)) this.#join(row);
    for (const row of added) {
      this.#join(row);
      this.locked.add(row);
    }
    for (const row of removed) this.#removed.add(row);
  }

  #join(row: object): void {
    const type = classOf(row);
    const rows = this.#joined.get(type) ?? new Set();
    rows.add(columnsOf(row));
    this.#joined.set(type, rows);
  }

  /** The values by which any command of this transaction looks for such a row. */
  #lookupText(row: object): string {
    const columns = this.#lookupColumns.get(classOf(row)) ?? [];
    return [...columns].map((column) => String(columnsOf(row)[column])).join('\u0000');
  }

  // While a command may still ask for rows, the next lock may be one that comes before those that wait already. Once none
  // will, all kinds of rows are asked for at once, in their order.
  async #fetchNext(): Promise<void> {
    const fetching = [this.#fetchLowest()];
    while (this.#naming === 0 && this.#waiting.length > 0) fetching.push(this.#fetchLowest());
    await Promise.all(fetching);
  }

  async #fetchLowest(): Promise<void> {
    const first = this.#waiting.reduce((lowest, request) => (request.rank < lowest.rank ? request : lowest));
    const isDue = (request: RowRequest) => request.type === first.type && request.rank === first.rank;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((request) => !isDue(request));

    const keys = due.map((request) => request.key);
    const rows = await readRows(this.#transaction, first.type, keys, first.isLock && this.#rowLocks);
    if (first.isLock) for (const row of rows) this.locked.add(row);

    const index = new RowIndex(rows.map(columnsOf));
    for (const request of due) request.fetched(index.matching(request.key));
  }
}

/** What one command asked for, and in which order of locks. */
export class CommandRows implements Rows {
  readonly settings: ShopSettings;
  readonly now: Date;

  readonly #loader: RowLoader;
  readonly #requests: RowRequest[] = [];

  constructor(loader: RowLoader, { settings, now }: Circumstances) {
    this.settings = settings;
    this.now = now;
    this.#loader = loader;
  }

  find<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity | undefined> {
    return new PendingRows(this.#request(type, where, false), one<Entity>);
  }

  findAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity[]> {
    return new PendingRows(this.#request(type, where, false), all<Entity>);
  }

  lock<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity | undefined> {
    return new PendingRows(this.#request(type, where, true), one<Entity>);
  }

  lockAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Pending<Entity[]> {
    return new PendingRows(this.#request(type, where, true), all<Entity>);
  }

  /** The command has asked for all the rows that it needs. */
  nameNoFurther(): void {
    this.#loader.noteNamed();
  }

  /** Whether rows that the load itself went by are no longer what it saw, because of an earlier command. */
  get isStale(): boolean {
    return this.#requests.some((request) => request.isStale);
  }

  /** The rows that the command may have changed. */
  get locked(): object[] {
    return this.#requests.flatMap((request) => (request.isLock ? request.rows : []));
  }

  /** Every row that the command can see now. */
  current(): object[] {
    return this.#requests.flatMap((request) => request.current());
  }

  #request<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>, isLock: boolean): RowRequest {
    const key: Key = Object.fromEntries(Object.entries(where));
    if (Object.keys(key).length === 0) throw new Error(`A load names the ${type.name} rows that it needs.`);
    const request = new RowRequest(this.#loader, type, key, isLock);
    if (
      isLock &&
      this.#requests.some((earlier) => earlier.isLock && earlier.isFetched && earlier.rank >= request.rank)
    ) {
      throw new Error(`${type.name} rows are locked too late: lock-order.ts names the order.`);
    }
    this.#requests.push(request);
    this.#loader.request(request);
    return request;
  }
}

const READ_RANK = -1;

class RowRequest {
  readonly type: EntityClass<Identified>;
  readonly key: Key;
  readonly isLock: boolean;
  readonly rank: number;
  isFetched = false;

  readonly #loader: RowLoader;
  readonly #arrival = Promise.withResolvers<void>();
  /** As the database gave them. */
  rows: Row[] = [];
  #isSeen = false;
  #seen: string | undefined;

  constructor(loader: RowLoader, type: EntityClass<Identified>, key: Key, isLock: boolean) {
    this.#loader = loader;
    this.type = type;
    this.key = key;
    this.isLock = isLock;
    this.rank = isLock ? lockRank(type) : READ_RANK;
  }

  fetched(rows: Row[]): void {
    this.rows = rows;
    this.isFetched = true;
    if (this.#isSeen) this.#seen = this.#fingerprint();
    this.#arrival.resolve();
  }

  arrival(): Promise<void> {
    return this.#arrival.promise;
  }

  /** The load awaits the rows themselves, to go by what they say. */
  see(): void {
    this.#isSeen = true;
    if (this.isFetched) this.#seen ??= this.#fingerprint();
  }

  current(): Row[] {
    const rows = new Set([...this.rows, ...this.#loader.joined(this.type)]);
    const current = [...rows].filter((row) => !this.#loader.isRemoved(row) && matches(row, this.key));
    return current.sort((a, b) => Number(a.id) - Number(b.id));
  }

  get isStale(): boolean {
    return this.#isSeen && this.#seen !== this.#fingerprint();
  }

  #fingerprint(): string {
    return this.#loader.fingerprint(this.type, this.current());
  }
}

/** Rows on their way to one command, in the shape that it asked for: one row, or all of them. */
class PendingRows<Value> implements Pending<Value> {
  readonly #request: RowRequest;
  readonly #shape: (request: RowRequest) => Value;

  constructor(request: RowRequest, shape: (request: RowRequest) => Value) {
    this.#request = request;
    this.#shape = shape;
  }

  arrival(): Promise<void> {
    return this.#request.arrival();
  }

  current(): Value {
    return this.#shape(this.#request);
  }

  // biome-ignore lint/suspicious/noThenProperty: a load awaits rows to find further rows with them.
  then<A = Value, B = never>(
    onRows?: ((rows: Value) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#request.see();
    return this.arrival()
      .then(() => this.current())
      .then(onRows, onError);
  }
}

function one<Entity extends Identified>(request: RowRequest): Entity | undefined {
  return all<Entity>(request)[0];
}

// A request was made for one entity class and is only filled with rows of that class.
function all<Entity extends Identified>(request: RowRequest): Entity[] {
  return request.current() as object[] as Entity[];
}

// Entities are plain objects to a lookup by column name.
function columnsOf(row: object): Row {
  return row as Row;
}

function classOf(row: object): EntityClass<object> {
  return row.constructor as EntityClass<object>;
}

// One turn of the event loop: by then each load that was resumed waits again, or is done.
function everyoneWaits(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function matches(row: Row, key: Key): boolean {
  return Object.entries(key).every(([column, value]) =>
    Array.isArray(value) ? value.includes(row[column]) : row[column] === value,
  );
}

/** Finds rows by the values of any columns without going through all of them for each key. */
class RowIndex {
  readonly #rows: readonly Row[];
  readonly #byColumns = new Map<string, Map<string, Row[]>>();

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  matching(key: Key): Row[] {
    const columns = Object.keys(key);
    const rows = this.#index(columns);
    return keyTexts(columns.map((column) => key[column])).flatMap((text) => rows.get(text) ?? []);
  }

  #index(columns: string[]): Map<string, Row[]> {
    const name = columns.join();
    const known = this.#byColumns.get(name);
    if (known) return known;
    const index = Map.groupBy(this.#rows, (row) => columns.map((column) => String(row[column])).join('\u0000'));
    this.#byColumns.set(name, index);
    return index;
  }
}

/** The text of a key; where a column may have several values, one text for each of them. */
function keyTexts(values: readonly Key[string][]): string[] {
  return values.reduce<string[]>((texts, value, position) => {
    const options = new Set(Array.isArray(value) ? value.map(String) : [String(value)]);
    if (position === 0) return [...options];
    return texts.flatMap((text) => [...options].map((option) => `${text}\u0000${option}`));
  }, []);
}
