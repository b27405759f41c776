import type { EntityClass } from '@mikro-orm/core';
import { assertRootIsLocked, isPart } from './aggregates.ts';
import { lockRank } from './lock-order.ts';
import {
  type FieldOfRows,
  fieldsIn,
  isSameKey,
  type Key,
  type KnownKey,
  knownKey,
  matches,
  type Source,
} from './row-key.ts';
import type { Asked, Each, FieldValue, Identified, KeyField, KeyValue } from './rows.ts';

/** A row, seen by its columns' names. */
export type Row = Record<string, unknown>;

/** What a request knows of the rest of its transaction. */
interface Surroundings {
  /** Rows that a lookup may find now though the database did not find them for it: added since, or changed. */
  joined(type: EntityClass<object>): Iterable<Row>;
  isRemoved(row: object): boolean;
  /** What rows hold, as text to compare. */
  fingerprint(type: EntityClass<object>, rows: readonly Row[]): string;
}

/** Reads come before all locks, but for those that go by other rows: they come right behind these. */
const READ_RANK = -1;
const RIGHT_BEHIND = 2 ** -10;

/** What a command asks for: rows of one kind. */
export class RowRequest implements Source {
  readonly type: EntityClass<Identified>;
  readonly key: Key;
  /** Whether the command may change the rows. */
  readonly isLock: boolean;
  /** Requests are fetched in this order. */
  readonly rank: number;
  isFetched = false;
  /** As the database gave them. */
  rows: Row[] = [];

  /** The fields of other rows that say which rows these are. */
  readonly goesBy: readonly FieldOfRows[];

  readonly #surroundings: Surroundings;
  readonly #arrival = Promise.withResolvers<void>();
  #knownKey: KnownKey | undefined;
  #fetchedFor: KnownKey = new Map();
  #isSeen = false;
  #seen: string | undefined;

  constructor(surroundings: Surroundings, type: EntityClass<Identified>, key: Key, isLock: boolean) {
    if (isLock) assertRootIsLocked(type, key);
    this.#surroundings = surroundings;
    this.type = type;
    this.key = key;
    this.isLock = isLock;
    this.goesBy = fieldsIn(key);
    const ranksBefore = this.goesBy.map(({ source }) => source.rank + RIGHT_BEHIND);
    this.rank = isLock ? lockRank(type) : Math.max(READ_RANK, ...ranksBefore);
  }

  /** Whether its rows are locked one by one, and not with their root. */
  get takesRowLocks(): boolean {
    return this.isLock && !isPart(this.type);
  }

  /** The key, with what other rows now say. */
  get knownKey(): KnownKey {
    if (this.goesBy.length > 0) return knownKey(this.key);
    this.#knownKey ??= knownKey(this.key);
    return this.#knownKey;
  }

  /** Takes the rows that the database gave for a key. */
  fetched(key: KnownKey, rows: Row[]): void {
    this.#fetchedFor = key;
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
    const key = this.knownKey;
    const rows = new Set([...this.rows, ...this.#surroundings.joined(this.type)]);
    const current = [...rows].filter((row) => !this.#surroundings.isRemoved(row) && matches(row, key));
    return current.sort((a, b) => Number(a.id) - Number(b.id));
  }

  /** Whether earlier commands changed what the load went by, or which rows the others name. */
  get isStale(): boolean {
    if (this.#isSeen && this.#seen !== this.#fingerprint()) return true;
    return this.goesBy.length > 0 && !isSameKey(this.knownKey, this.#fetchedFor);
  }

  #fingerprint(): string {
    return this.#surroundings.fingerprint(this.type, this.current());
  }
}

/** The rows on their way to one command, in the shape that it asked for: one row, or all of them. */
export class AskedRows<Entity, Value> implements Asked<Entity, Value> {
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

  each<Field extends KeyField<Entity>>(field: Field): Each<FieldValue<Entity, Field>> {
    return new FieldOfRequest(this.#request, String(field));
  }

  // biome-ignore lint/suspicious/noThenProperty: a load awaits rows to decide by them what else to ask for.
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

/** A field of the rows of a request; its type is the field's. */
export class FieldOfRequest<Value extends KeyValue> implements FieldOfRows, Each<Value> {
  readonly source: RowRequest;
  readonly field: string;

  constructor(source: RowRequest, field: string) {
    this.source = source;
    this.field = field;
  }

  /** Where the field is null, the row names no others. */
  values(): Value[] {
    return this.source.current().flatMap((row) => (row[this.field] ?? []) as Value | Value[]);
  }
}
