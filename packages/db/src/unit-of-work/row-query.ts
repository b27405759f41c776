import type { EntityClass, EntityMetadata } from '@mikro-orm/core';
import { type Condition, isNull, isOneOf, isWord } from '../condition.ts';
import type { Engine } from '../engines/engine.ts';
import { quoted } from '../engines/statement.ts';
import type { Identified, KeyValue } from './rows.ts';
import type { Transaction } from './transaction.ts';

/** What rows are looked up by: each named field equals the value, or one of the values. */
export type Key = Record<string, KeyValue | readonly KeyValue[] | undefined>;

/** Reads the rows that any of the keys asks for, in order of id, and locks them if asked to. */
export async function readRows(
  transaction: Transaction,
  type: EntityClass<Identified>,
  keys: readonly Key[],
  isLock: boolean,
): Promise<Identified[]> {
  const { engine } = transaction;
  const meta = transaction.metadataOf(type);
  const conditions = [...Map.groupBy(keys, (key) => Object.keys(key).join()).values()].flatMap((group) =>
    conditionsOf(group, meta, engine),
  );
  const where = conditions.map(({ text }) => text).join(' or ');
  const lock = isLock ? engine.rowLockSql : '';
  return transaction.read(type, {
    text: `select ${columnsOf(meta)} from ${quoted(meta.tableName)} where ${where} order by id ${lock}`,
    values: conditions.flatMap(({ values }) => values),
    // Only this form reads the same for any values and any number of them.
    isRepeated: conditions.length === 1,
  });
}

const columnsByEntity = new WeakMap<object, string>();

function columnsOf(meta: EntityMetadata<Identified>): string {
  const known = columnsByEntity.get(meta);
  if (known !== undefined) return known;
  const columns = meta.comparableProps.flatMap(({ fieldNames }) => fieldNames.map(quoted)).join();
  columnsByEntity.set(meta, columns);
  return columns;
}

/** Keys over the same fields that differ in one of them share a condition. */
function conditionsOf(keys: readonly Key[], meta: EntityMetadata<Identified>, engine: Engine): Condition[] {
  const fields = Object.keys(keys[0] ?? {});
  const values = new Map(fields.map((field) => [field, [...new Set(keys.flatMap((key) => key[field] ?? null))]]));
  const isOneSet = fields.filter((field) => (values.get(field)?.length ?? 0) > 1).length <= 1;
  if (!isOneSet && keys.length > 1) return keys.flatMap((key) => conditionsOf([key], meta, engine));
  const parts = [...values].map(([field, set]) => isAnyOf(field, set, meta, engine));
  return [{ text: `(${parts.map(({ text }) => text).join(' and ')})`, values: parts.flatMap(({ values }) => values) }];
}

// SQL's `in` never finds null, so null is asked for by itself.
function isAnyOf(
  field: string,
  values: readonly KeyValue[],
  meta: EntityMetadata<Identified>,
  engine: Engine,
): Condition {
  const property = meta.props.find(({ name }) => name === field);
  if (!property) throw new Error(`${meta.className} has no ${field}.`);
  const {
    fieldNames: [name = field],
    columnTypes: [type = 'text'],
    items: words = [],
  } = property;
  const column = { name, type, words };
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return isNull(column);
  const isKnown = (known.length === 1 && isWord(column, known[0])) || isOneOf(column, known, engine);
  if (known.length === values.length) return isKnown;
  return { text: `(${isNull(column).text} or ${isKnown.text})`, values: isKnown.values };
}
