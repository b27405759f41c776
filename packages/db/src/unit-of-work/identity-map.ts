import type { EntityClass, EntityData, EntityDictionary, EntityMetadata } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';

/** What a row holds, and which of its fields are no longer what was read. */
export interface ChangedRow {
  readonly row: object;
  readonly values: EntityData<object>;
  readonly changed: readonly string[];
}

/**
 * The rows that one transaction has read: each is one object, however often it is read, and what it held then is known.
 * The ORM tells what columns become and compares; its entities would be tracked at each step, which nobody reads.
 */
export class IdentityMap {
  readonly #em: SqlEntityManager;
  readonly #rows = new Map<EntityClass<object>, Map<unknown, object>>();
  readonly #asRead = new Map<object, EntityData<object>>();

  constructor(em: SqlEntityManager) {
    this.#em = em;
  }

  /** The row of these columns. One that was read before stays the same object, and holds what it holds now. */
  take<Entity extends object>(type: EntityClass<Entity>, columns: EntityDictionary<Entity>): Entity {
    const meta = this.#em.getMetadata().get<Entity>(type);
    const fields = this.#fieldsOf(meta, columns);
    const id: unknown = Reflect.get(fields, 'id');
    const rows = this.#rows.get(type) ?? new Map<unknown, object>();
    this.#rows.set(type, rows);
    const known = rows.get(id);
    const row = known ? Object.assign(known, fields) : this.newRow(type, fields);
    rows.set(id, row);
    this.#asRead.set(row, this.valuesOf(row));
    // Under each kind there are rows of that kind only.
    return row as Entity;
  }

  /** A row with these fields and the methods of its entity. */
  newRow<Entity extends object>(type: EntityClass<Entity>, fields: object): Entity {
    return Object.setPrototypeOf(fields, this.#em.getMetadata().get(type).prototype);
  }

  /** A row's columns, as the database takes them. */
  valuesOf(row: object): EntityData<object> {
    return this.#em.getComparator().prepareEntity(row);
  }

  /** The rows that are no longer what was read. */
  *changed(): Iterable<ChangedRow> {
    const comparator = this.#em.getComparator();
    for (const [row, asRead] of this.#asRead) {
      const values = this.valuesOf(row);
      const changed = Object.keys(comparator.diffEntities(row.constructor, asRead, values));
      if (changed.length > 0) yield { row, values, changed };
    }
  }

  #fieldsOf<Entity extends object>(meta: EntityMetadata<Entity>, columns: EntityDictionary<Entity>): object {
    const driver = this.#em.getDriver();
    const fields = driver.mapResult(columns, meta);
    if (!fields) throw new Error(`There are no columns of ${meta.className}.`);
    const platform = driver.getPlatform();
    for (const { name, customType } of meta.comparableProps) {
      const value: unknown = Reflect.get(fields, name);
      if (customType && value != null) Reflect.set(fields, name, customType.convertToJSValue(value, platform));
    }
    return fields;
  }
}
