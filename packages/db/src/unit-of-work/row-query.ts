import type { EntityClass, EntityDictionary, EntityMetadata } from '@mikro-orm/core';
import { type Condition, isNull, isOneOf, isWord } from '../condition.ts';
import { quoted } from '../engines/statement.ts';
import { columnsOf } from './entity-columns.ts';
import { type FieldOfRows, isFieldOfRows, type Key, type KeyParts, knownValues } from './row-key.ts';
import type { Identified } from './rows.ts';
import { SharedTable } from './shared-table.ts';
import type { Transaction } from './transaction.ts';

/** Rows of one kind that are to be read. */
export interface Reading {
  readonly type: EntityClass<Identified>;
  readonly keys: readonly Key[];
}

/** Reads the rows that any of the keys asks for, in order of id, and locks them if asked to. */
export async function readRows(
  transaction: Transaction,
  { type, keys }: Reading,
  { isLocked }: { isLocked: boolean },
): Promise<Identified[]> {
  const meta = transaction.metadataOf(type);
  const { text: condition, values, isOneForm } = conditionOf(keys, meta, transaction);
  const columns = columnsOf(meta).map(({ name }) => quoted(name));
  const lock = isLocked ? transaction.engine.rowLockSql : '';
  const rows = await transaction.run<EntityDictionary<Identified>>({
    text: `select ${columns.join()} from ${quoted(meta.tableName)} where ${condition} order by id ${lock}`,
    values,
    isRepeated: isOneForm,
  });
  return rows.map((row) => transaction.entityOf(type, row));
}

/** Reads rows of several kinds in one statement, each kind's in order of id. */
export async function readKinds(transaction: Transaction, readings: readonly Reading[]): Promise<Identified[][]> {
  const kinds = readings.map(({ type, keys }) => {
    const meta = transaction.metadataOf(type);
    return { type, meta, condition: conditionOf(keys, meta, transaction) };
  });
  const table = new SharedTable(kinds.map(({ meta }) => columnsOf(meta)));
  const selections = kinds.map(
    ({ meta, condition }, kind) => `${table.selectionOf(kind)} from ${quoted(meta.tableName)} where ${condition.text}`,
  );
  const rows = await transaction.run<Record<string, unknown>>({
    text: selections.join(' union all '),
    values: kinds.flatMap(({ condition }) => condition.values),
    isRepeated: kinds.every(({ condition }) => condition.isOneForm),
  });
  return kinds.map(({ type }, kind) =>
    table
      .rowsOf(kind, rows)
      .map((row) => transaction.entityOf(type, row))
      .sort((a, b) => a.id - b.id),
  );
}

interface KeyCondition extends Condition {
  /** Whether it reads the same for any values, and any number of them. */
  readonly isOneForm: boolean;
}

/** The rows that any of the keys asks for. */
function conditionOf(keys: readonly Key[], meta: EntityMetadata<Identified>, transaction: Transaction): KeyCondition {
  const conditions = [...Map.groupBy(keys, (key) => [...key.keys()].join()).values()].flatMap((group) =>
    conditionsOf(group, meta, transaction),
  );
  return {
    text: conditions.map(({ text }) => text).join(' or '),
    values: conditions.flatMap(({ values }) => values),
    isOneForm: conditions.length === 1 && conditions.every(({ isOneForm }) => isOneForm),
  };
}

/** Keys over the same fields that differ in one of them share a condition. */
function conditionsOf(
  keys: readonly Key[],
  meta: EntityMetadata<Identified>,
  transaction: Transaction,
): KeyCondition[] {
  const fields = [...(keys[0]?.keys() ?? [])];
  const wanted = new Map(fields.map((field) => [field, [...new Set(keys.flatMap((key) => key.get(field) ?? []))]]));
  const isOneSet = [...wanted.values()].filter((parts) => parts.length > 1).length <= 1;
  if (!isOneSet && keys.length > 1) return keys.flatMap((key) => conditionsOf([key], meta, transaction));
  const parts = [...wanted].map(([field, parts]) => isWanted(field, parts, meta, transaction));
  return [
    {
      text: `(${parts.map(({ text }) => text).join(' and ')})`,
      values: parts.flatMap(({ values }) => values),
      isOneForm: parts.every(({ isOneForm }) => isOneForm),
    },
  ];
}

// SQL's `in` never finds null, so null is asked for by itself.
function isWanted(
  field: string,
  wanted: KeyParts,
  meta: EntityMetadata<Identified>,
  transaction: Transaction,
): KeyCondition {
  const property = meta.props.find(({ name }) => name === field);
  if (!property) throw new Error(`${meta.className} has no ${field}.`);
  const {
    fieldNames: [name = field],
    columnTypes: [type = 'text'],
    items: words = [],
  } = property;
  const column = { name, type, words };
  const { engine } = transaction;
  const isOnItsWay = (part: KeyParts[number]) => isFieldOfRows(part) && !part.source.isFetched;
  const onTheirWay = wanted.filter(isFieldOfRows).filter(isOnItsWay);
  const values = knownValues(wanted.filter((part) => !isOnItsWay(part)));
  const known = values.filter((value) => value !== null);
  if (onTheirWay.length > 0) {
    const selections = selectionsOf(onTheirWay, transaction);
    return { ...isOneOf(column, known, engine, selections), isOneForm: selections.every(({ isOneForm }) => isOneForm) };
  }
  if (known.length === 0) return { ...isNull(column), isOneForm: true };
  const isKnown = (known.length === 1 && isWord(column, known[0])) || isOneOf(column, known, engine);
  if (known.length === values.length) return { ...isKnown, isOneForm: true };
  return { text: `(${isNull(column).text} or ${isKnown.text})`, values: isKnown.values, isOneForm: true };
}

/** The values of fields of rows that were sent for in statements before this one, as selections. */
function selectionsOf(fields: readonly FieldOfRows[], transaction: Transaction): KeyCondition[] {
  const alike = Map.groupBy(fields, ({ field, source }) => `${source.type.name} ${field}`);
  return [...alike.values()].flatMap((fields) => {
    const [first] = fields;
    if (!first) return [];
    const meta = transaction.metadataOf(first.source.type);
    const column = columnsOf(meta).find(({ field }) => field === first.field);
    if (!column) throw new Error(`${meta.className} has no ${first.field}.`);
    const { text, ...rest } = conditionOf(
      fields.map(({ source }) => source.key),
      meta,
      transaction,
    );
    return [{ text: `select ${quoted(column.name)} from ${quoted(meta.tableName)} where ${text}`, ...rest }];
  });
}
