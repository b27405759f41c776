import type { EntityClass } from '@mikro-orm/core';
import type { Circumstances, ShopSettings } from '../settings.ts';
import { isSettled } from './aggregates.ts';
import { RowIndex } from './row-index.ts';
import type { Key, KeyParts, Source } from './row-key.ts';
import { readKinds, readRows } from './row-query.ts';
import { AskedRows, FieldOfRequest, type Row, RowRequest } from './row-request.ts';
import type { Asked, Identified, Rows, Where } from './rows.ts';
import type { Transaction } from './transaction.ts';

/**
 * Fetches the rows that the commands of one transaction ask for, merged: one query for each kind of row.
 *
 * Every load first runs until it waits for rows. Then plain reads are fetched, and after them the locks, lowest rank
 * first, so that the transaction as a whole keeps the lock order however its commands are mixed. What goes by other rows
 * comes after these.
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
      // Who has named all rows has nothing to decide before they are here.
      if (this.#naming > 0) await everyoneWaits();
      if (failure) throw failure.error;
      if (this.#waiting.length > 0) await this.#fetchNext();
      else if (running === 0 || this.#naming === 0) break;
      else throw new Error('A load awaits something other than its rows.');
    }
    for (const row of this.locked) this.#lookedUpAs.set(row, this.#lookupText(row));
    return Promise.all(loads);
  }

  request(request: RowRequest): void {
    this.#waiting.push(request);
    const columns = this.#lookupColumns.get(request.type) ?? new Set();
    for (const column of request.key.keys()) columns.add(column);
    this.#lookupColumns.set(request.type, columns);
  }

  joined(type: EntityClass<object>): Iterable<Row> {
    return this.#joined.get(type) ?? [];
  }

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
    const kinds = kindsOf(this.#waiting);
    const statements = this.#naming === 0 ? statementsFor(kinds) : kinds.slice(0, 1).map((kind) => [kind]);
    const taken = new Set(statements.flat().flatMap(({ requests }) => requests));
    this.#waiting = this.#waiting.filter((request) => !taken.has(request));
    await Promise.all(statements.map((together) => this.#fetch(together)));
  }

  async #fetch(kinds: readonly Kind[]): Promise<void> {
    const found = await this.#read(kinds);
    for (const [place, { requests }] of kinds.entries()) {
      const index = new RowIndex((found[place] ?? []).map(columnsOf));
      // What a key goes by was sent for no later, and comes no later.
      await Promise.all(requests.flatMap(({ goesBy }) => goesBy.map(({ source }) => source.arrival())));
      for (const request of requests) {
        const key = request.knownKey;
        const rows = index.matching(key);
        request.fetched(key, rows);
        if (request.isLock) for (const row of rows) this.locked.add(row);
      }
    }
  }

  async #read(kinds: readonly Kind[]): Promise<Identified[][]> {
    const [only, ...others] = kinds.map((kind) => ({ ...kind, keys: kind.requests.map(({ key }) => key) }));
    if (!only) return [];
    if (others.length > 0) return readKinds(this.#transaction, [only, ...others]);
    return [await readRows(this.#transaction, only, { isLocked: this.#rowLocks && only.takesRowLocks })];
  }
}

/** Requests for one kind of rows that go together. */
interface Kind {
  readonly type: EntityClass<Identified>;
  readonly requests: readonly RowRequest[];
  readonly takesRowLocks: boolean;
}

/** By rank: what is read comes before what is locked, and what goes by other rows after these. */
function kindsOf(requests: readonly RowRequest[]): Kind[] {
  const byRank = requests.toSorted((a, b) => a.rank - b.rank);
  const kinds = Map.groupBy(byRank, ({ type, rank }) => `${type.name} ${rank}`);
  return [...kinds.values()].flatMap((requests) => {
    const [first] = requests;
    return first ? [{ type: first.type, requests, takesRowLocks: first.takesRowLocks }] : [];
  });
}

/** The kinds that can be asked for at once, by statement. The others come when what they go by is here. */
function statementsFor(kinds: readonly Kind[]): Kind[][] {
  const statements: Kind[][] = [];
  for (const kind of kinds) {
    const last = statements.at(-1);
    // Other company would make statements that read differently each time, and a connection keeps only so many.
    if (last && isOfOneStatement(kind, last)) last.push(kind);
    else if (kind.requests.every(({ goesBy }) => goesBy.every((field) => field.source.isFetched || isSettled(field)))) {
      statements.push([kind]);
    } else break;
  }
  return statements;
}

/** Whether rows that take no locks can come with the rows that they go by. */
function isOfOneStatement({ requests, takesRowLocks }: Kind, before: readonly Kind[]): boolean {
  if (takesRowLocks || before.some((kind) => kind.takesRowLocks)) return false;
  const sources = new Set<Source>(before.flatMap((kind) => kind.requests));
  return requests.some(({ goesBy }) => goesBy.some(({ source }) => sources.has(source)));
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

  find<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity | undefined> {
    return new AskedRows(this.#request(type, where, false), one<Entity>);
  }

  findAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity[]> {
    return new AskedRows(this.#request(type, where, false), all<Entity>);
  }

  lock<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity | undefined> {
    return new AskedRows(this.#request(type, where, true), one<Entity>);
  }

  lockAll<Entity extends Identified>(type: EntityClass<Entity>, where: Where<Entity>): Asked<Entity, Entity[]> {
    return new AskedRows(this.#request(type, where, true), all<Entity>);
  }

  /** The command has asked for all the rows that it needs. */
  nameNoFurther(): void {
    this.#loader.noteNamed();
  }

  /** Whether the rows are no longer those that the load asked for, because of an earlier command. */
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
    const key: Key = new Map(Object.entries(where).map(([field, wanted]) => [field, wantedOf(wanted)]));
    if (key.size === 0) throw new Error(`A load names the ${type.name} rows that it needs.`);
    const request = new RowRequest(this.#loader, type, key, isLock);
    const isLockedBefore = this.#requests.some(
      ({ isLock, isFetched, rank }) => isLock && isFetched && rank >= request.rank,
    );
    const isNamedAfter = request.goesBy.some(({ source }) => source.rank >= request.rank);
    if (isLock && (isLockedBefore || isNamedAfter)) {
      throw new Error(`${type.name} rows are locked too late: lock-order.ts names the order.`);
    }
    this.#requests.push(request);
    this.#loader.request(request);
    return request;
  }
}

/** A condition of a load: a value, a field of other rows, or a list of both. */
function wantedOf(wanted: unknown): KeyParts {
  return [wanted ?? null].flat().map((part) => {
    if (part === null || typeof part === 'string' || typeof part === 'number' || part instanceof FieldOfRequest)
      return part;
    throw new Error(`Rows cannot be looked up by ${String(part)}.`);
  });
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
