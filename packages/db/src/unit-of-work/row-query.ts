import type { EntityClass, EntityDictionary, EntityMetadata } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type RawBuilder, sql } from 'kysely';
import type { Engine } from '../engines/engine.ts';
import { prepared } from '../engines/preparing-client.ts';
import type { Identified, KeyValue } from './rows.ts';

/** What rows are looked up by: each named field equals the value, or one of the values. */
export type Key = Record<string, KeyValue | readonly KeyValue[] | undefined>;

/** Reads the rows that any of the keys asks for, in order of id, and locks them if asked to. */
export async function readRows(
  em: SqlEntityManager,
  engine: Engine,
  type: EntityClass<Identified>,
  keys: readonly Key[],
  isLock: boolean,
): Promise<Identified[]> {
  const meta = em.getMetadata().get(type);
  const conditions = [...Map.groupBy(keys, (key) => Object.keys(key).join()).values()].flatMap((group) =>
    conditionsOf(group, meta, engine),
  );
  // Only this form reads the same for any values and any number of them.
  const mark = conditions.length === 1 ? prepared : sql``;
  const { rows } = await sql<EntityDictionary<Identified>>`${mark}
    select ${sql.raw(columnsOf(meta))} from ${sql.table(meta.tableName)}
    where ${sql.join(conditions, sql` or `)} order by id ${sql.raw(isLock ? engine.rowLockSql : '')}
  `.execute(em.getKysely<unknown>());
  return rows.map((row) => em.map(type, row));
}

const columnsByEntity = new WeakMap<object, string>();

function columnsOf(meta: EntityMetadata<Identified>): string {
  const known = columnsByEntity.get(meta);
  if (known !== undefined) return known;
  const columns = meta.comparableProps.flatMap(({ fieldNames }) => fieldNames.map((name) => `"${name}"`)).join();
  columnsByEntity.set(meta, columns);
  return columns;
}

/** Keys over the same fields that differ in one of them share a condition. */
function conditionsOf(keys: readonly Key[], meta: EntityMetadata<Identified>, engine: Engine): RawBuilder<unknown>[] {
  const fields = Object.keys(keys[0] ?? {});
  const values = new Map(fields.map((field) => [field, [...new Set(keys.flatMap((key) => key[field] ?? null))]]));
  const isOneSet = fields.filter((field) => (values.get(field)?.length ?? 0) > 1).length <= 1;
  if (!isOneSet && keys.length > 1) return keys.flatMap((key) => conditionsOf([key], meta, engine));
  const parts = [...values].map(([field, set]) => isOneOf(field, set, meta, engine));
  return [sql`(${sql.join(parts, sql` and `)})`];
}

// SQL's `in` never finds null, so null is asked for by itself.
function isOneOf(
  field: string,
  values: readonly KeyValue[],
  meta: EntityMetadata<Identified>,
  engine: Engine,
): RawBuilder<unknown> {
  const property = meta.props.find(({ name }) => name === field);
  if (!property) throw new Error(`${meta.className} has no ${field}.`);
  const {
    fieldNames: [name = field],
    columnTypes: [type = 'text'],
  } = property;
  const column = sql.ref(name);
  const known = values.filter((value) => value !== null);
  const [only] = known;
  // A partial index is used only where the statement itself says which part it asks for.
  const isKnown =
    property.enum && only !== undefined && known.length === 1
      ? sql`${column} = ${sql.lit(only)}`
      : engine.isOneOf(column, known, type);
  if (known.length === values.length) return isKnown;
  return known.length === 0 ? sql`${column} is null` : sql`(${column} is null or ${isKnown})`;
}
