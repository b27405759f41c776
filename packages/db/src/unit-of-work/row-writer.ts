import type { EntityData, EntityMetadata } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type RawBuilder, sql } from 'kysely';
import type { Engine, GivenColumn } from '../engines/engine.ts';

/** Rows of one table, as the database takes them. */
interface Group {
  readonly meta: EntityMetadata;
  readonly rows: EntityData<object>[];
  /** The names of the fields that differ in any of the rows from what was read. */
  readonly changed: Set<string>;
}

/**
 * Writes what the commands of one transaction did: one statement for each kind of row and of change, however
 * many rows there are. The rows travel as one bound parameter, so the statement's text does not depend on
 * them and the database does not parse each value as SQL.
 */
export class RowWriter {
  readonly #em: SqlEntityManager;
  readonly #engine: Engine;
  readonly #added = new Set<object>();
  readonly #removed = new Set<object>();

  constructor(em: SqlEntityManager, engine: Engine) {
    this.#em = em;
    this.#engine = engine;
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
    // First, so that a removed row makes place for an added one with the same unique values.
    await this.#engine.write(this.#em, this.#removals(locked));
    await this.#engine.write(this.#em, [...this.#insertions(), ...this.#updates(locked)]);
  }

  #removals(locked: ReadonlySet<object>): RawBuilder<unknown>[] {
    const groups = new Groups(this.#em);
    for (const row of this.#removed) {
      assertLocked(row, locked);
      groups.put(row, this.#valuesOf(row));
    }
    return groups.all.map(({ meta, rows }) => {
      const id = columnsOf(meta).filter(({ field }) => field === 'id');
      return sql`delete from ${name(meta.tableName)} where id in (select id from ${this.#given(rows, id)})`;
    });
  }

  #insertions(): RawBuilder<unknown>[] {
    const groups = new Groups(this.#em);
    for (const row of this.#added) groups.put(row, this.#valuesOf(row));
    return groups.all.map(({ meta, rows }) => {
      const columns = columnsOf(meta);
      const targets = columns.map((column) => quoted(column.name)).join();
      const sources = columns.map((column) => quoted(column.field)).join();
      return sql`insert into ${name(meta.tableName)} (${sql.raw(targets)}) select ${sql.raw(sources)} from ${this.#given(rows, columns)}`;
    });
  }

  #updates(locked: ReadonlySet<object>): RawBuilder<unknown>[] {
    const groups = new Groups(this.#em);
    const comparator = this.#em.getComparator();
    const unitOfWork = this.#em.getUnitOfWork();
    for (const row of unitOfWork.getIdentityMap()) {
      if (this.#removed.has(row)) continue;
      const values = this.#valuesOf(row);
      const read = unitOfWork.getOriginalEntityData(row) ?? {};
      const changed = Object.keys(comparator.diffEntities(row.constructor, read, values));
      if (changed.length === 0) continue;
      assertLocked(row, locked);
      groups.put(row, values, changed);
    }
    return groups.all.map(({ meta, rows, changed }) => {
      // A field that changed in one row is written in all: this transaction has locked them, so they are as it read them.
      const columns = columnsOf(meta).filter(({ field }) => field === 'id' || changed.has(field));
      const sets = columns
        .filter(({ field }) => field !== 'id')
        .map((column) => `${quoted(column.name)} = given.${quoted(column.field)}`);
      return sql`update ${name(meta.tableName)} as stored set ${sql.raw(sets.join())} from ${this.#given(rows, columns)} where stored.id = given.id`;
    });
  }

  #valuesOf(row: object): EntityData<object> {
    return this.#em.getComparator().prepareEntity(row);
  }

  #given(rows: readonly EntityData<object>[], columns: readonly GivenColumn[]): RawBuilder<unknown> {
    return this.#engine.given(JSON.stringify(rows), columns);
  }
}

class Groups {
  readonly #em: SqlEntityManager;
  readonly #groups = new Map<unknown, Group>();

  constructor(em: SqlEntityManager) {
    this.#em = em;
  }

  get all(): Group[] {
    // In one order, whichever command came first, so that the statement reads the same.
    return [...this.#groups.values()].sort((a, b) => (a.meta.tableName < b.meta.tableName ? -1 : 1));
  }

  put(row: object, values: EntityData<object>, changed: readonly string[] = []): void {
    const type = row.constructor;
    let group = this.#groups.get(type);
    if (!group) {
      group = { meta: this.#em.getMetadata().get(type), rows: [], changed: new Set() };
      this.#groups.set(type, group);
    }
    group.rows.push(values);
    for (const field of changed) group.changed.add(field);
  }
}

interface Column extends GivenColumn {
  readonly name: string;
}

const columnsByEntity = new WeakMap<EntityMetadata, readonly Column[]>();

function columnsOf(meta: EntityMetadata): readonly Column[] {
  const known = columnsByEntity.get(meta);
  if (known) return known;
  const columns = meta.comparableProps.map(
    ({ name: field, fieldNames: [name = field], columnTypes: [type = 'text'] }) => ({
      field,
      name,
      type,
    }),
  );
  columnsByEntity.set(meta, columns);
  return columns;
}

// Without the lock, the change would overwrite what another transaction has committed since the row was read.
function assertLocked(row: object, locked: ReadonlySet<object>): void {
  if (!locked.has(row)) throw new Error(`A ${row.constructor.name} row was changed without a lock.`);
}

function name(identifier: string): RawBuilder<unknown> {
  return sql.raw(quoted(identifier));
}

function quoted(identifier: string): string {
  return `"${identifier}"`;
}
