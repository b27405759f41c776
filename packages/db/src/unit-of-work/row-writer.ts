import type { EntityClass, EntityData, EntityMetadata } from '@mikro-orm/core';
import type { Condition } from '../condition.ts';
import { quoted, type Statement } from '../engines/statement.ts';
import { type Column, columnsOf } from './entity-columns.ts';
import type { Transaction } from './transaction.ts';

/** Rows of one table, as the database takes them. */
interface Group {
  readonly meta: EntityMetadata;
  readonly rows: EntityData<object>[];
  /** The names of the fields that differ in any of the rows from what was read. */
  readonly changed: Set<string>;
}

/**
 * Writes what the commands of one transaction did: one statement for each kind of row and of change, however
 * many rows there are. Many rows travel as one bound parameter, so the statement's text does not depend on
 * them and the database does not parse each value as SQL; a lone row's values travel each by itself.
 */
export class RowWriter {
  readonly #transaction: Transaction;
  readonly #added = new Set<object>();
  readonly #removed = new Set<object>();

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  add(row: object): void {
    this.#added.add(row);
  }

  remove(row: object): void {
    // What came and went within the transaction was never there.
    if (!this.#added.delete(row)) this.#removed.add(row);
  }

  /** Writes everything; `locked` are the rows that may be changed and removed. */
  async write(locked: ReadonlySet<object>): Promise<void> {
    const { engine } = this.#transaction;
    const [removed, added, changed] = [this.#removals(locked), this.#insertions(), this.#updates(locked)];
    // First, so that a removed row makes place for an added one with the same unique values.
    await engine.write(
      this.#transaction,
      removed.map((group) => this.#removal(group)),
    );
    // Both forms for each kind of row would make too many different statements to keep.
    const isOneEach = [...added, ...changed].every(({ rows }) => rows.length === 1);
    await engine.write(this.#transaction, [
      ...added.map((group) => this.#insertion(group, isOneEach)),
      ...changed.map((group) => this.#update(group, isOneEach)),
    ]);
  }

  #removals(locked: ReadonlySet<object>): Group[] {
    const groups = new Groups(this.#transaction);
    for (const row of this.#removed) {
      assertLocked(row, locked);
      groups.put(row, this.#transaction.rows.valuesOf(row));
    }
    return groups.all;
  }

  #insertions(): Group[] {
    const groups = new Groups(this.#transaction);
    for (const row of this.#added) groups.put(row, this.#transaction.rows.valuesOf(row));
    return groups.all;
  }

  #updates(locked: ReadonlySet<object>): Group[] {
    const groups = new Groups(this.#transaction);
    for (const { row, values, changed } of this.#transaction.rows.changed()) {
      if (this.#removed.has(row)) continue;
      assertLocked(row, locked);
      groups.put(row, values, changed);
    }
    return groups.all;
  }

  #removal({ meta, rows }: Group): Statement {
    const { text, values } = this.#areIdsOf(rows, 'id');
    return { text: `delete from ${quoted(meta.tableName)} where ${text}`, values, isRepeated: true };
  }

  #insertion({ meta, rows }: Group, isOneEach: boolean): Statement {
    const columns = columnsOf(meta);
    const into = `insert into ${quoted(meta.tableName)} (${columns.map(({ name }) => quoted(name)).join()})`;
    if (isOneEach) return this.#oneRow(`${into} values (${columns.map(() => '?').join()})`, rows, columns);
    const fields = columns.map(({ field }) => quoted(field)).join();
    return manyRows(`${into} select ${fields} from ${this.#transaction.engine.given(columns)}`, rows);
  }

  #update({ meta, rows, changed }: Group, isOneEach: boolean): Statement {
    const columns = columnsOf(meta).filter(({ field }) => changed.has(field));
    const id = columnsOf(meta).filter(({ field }) => field === 'id');
    const table = quoted(meta.tableName);
    if (isOneEach) {
      const sets = columns.map(({ name }) => `${quoted(name)} = ?`);
      return this.#oneRow(`update ${table} set ${sets.join()} where id = ?`, rows, [...columns, ...id]);
    }
    // A field that changed in one row is written in all: this transaction has locked them, so they are as it read them.
    const sets = columns.map(({ name, field }) => `${quoted(name)} = given.${quoted(field)}`);
    const given = this.#transaction.engine.given([...id, ...columns]);
    // The ids once more: a database cannot know how few rows are given, and might read the whole table to find them.
    const few = this.#areIdsOf(rows, 'stored.id');
    const { text, values } = manyRows(`update ${table} as stored set ${sets.join()} from ${given}`, rows);
    return {
      text: `${text} where stored.id = given.id and ${few.text}`,
      values: [...values, ...few.values],
      isRepeated: true,
    };
  }

  #areIdsOf(rows: readonly Row[], column: string): Condition {
    const ids = rows.map(({ id }) => Number(id));
    const { text, value } = this.#transaction.engine.isOneOf(column, ids, { type: 'bigint', selected: [] });
    return { text, values: [value] };
  }

  #oneRow(text: string, [row = {}]: readonly Row[], columns: readonly Column[]): Statement {
    const { engine } = this.#transaction;
    return { text, values: columns.map(({ field }) => engine.parameter(row[field])), isRepeated: true };
  }
}

type Row = Readonly<Record<string, unknown>>;

function manyRows(text: string, rows: readonly Row[]): Statement {
  return { text, values: [JSON.stringify(rows)], isRepeated: true };
}

class Groups {
  readonly #transaction: Transaction;
  readonly #groups = new Map<unknown, Group>();

  constructor(transaction: Transaction) {
    this.#transaction = transaction;
  }

  get all(): Group[] {
    // In one order, whichever command came first, so that the statement reads the same.
    return [...this.#groups.values()].sort((a, b) => (a.meta.tableName < b.meta.tableName ? -1 : 1));
  }

  put(row: object, values: EntityData<object>, changed: readonly string[] = []): void {
    const type = row.constructor as EntityClass<object>;
    let group = this.#groups.get(type);
    if (!group) {
      group = { meta: this.#transaction.metadataOf(type), rows: [], changed: new Set() };
      this.#groups.set(type, group);
    }
    group.rows.push(values);
    for (const field of changed) group.changed.add(field);
  }
}

// Without the lock, the change would overwrite what another transaction has committed since the row was read.
function assertLocked(row: object, locked: ReadonlySet<object>): void {
  if (!locked.has(row)) throw new Error(`A ${row.constructor.name} row was changed without a lock.`);
}
