import type { EntityClass, EntityDictionary, EntityMetadata } from '@mikro-orm/core';
import { type Condition, isNull, isOneOf, isValue, isWord } from '../condition.ts';
import { quoted } from '../engines/statement.ts';
import { SharedTable } from '../shared-table.ts';
import { columnsOf } from './entity-columns.ts';
import { type FieldOfRows, isFieldOfRows, type Key, type KeyParts, knownValues } from './row-key.ts';
import type { Identified } from './rows.ts';
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
  const { text: condition, values, isOneForm } = conditionOf(keys, meta, transaction, { isLocked });
  const columns = columnsOf(meta).map(({ name }) => quoted(name));
  const lock = isLocked ? transaction.engine.rowLockSql : '';
  const rows = await transaction.run<EntityDictionary<Identified>>({
    text: `select ${columns.join()} from ${quoted(meta.tableName)} where ${condition} order by id ${lock}`,
    values,
    isRepeated: isOneForm,
  });
  return rows.map((row) => transaction.rows.take(type, row));
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
  const rowsByKind = table.rowsByKind(rows);
  return kinds.map(({ type }, kind) =>
    (rowsByKind[kind] ?? []).map((row) => transaction.rows.take(type, row)).sort((a, b) => a.id - b.id),
  );
}

interface KeyCondition extends Condition {
  /** Whether it reads the same for any values, and any number of them. */
  readonly isOneForm: boolean;
}

/** The rows that any of the keys asks for; of rows that are not locked it may let some more through. */
function conditionOf(
  keys: readonly Key[],
  meta: EntityMetadata<Identified>,
  transaction: Transaction,
  { isLocked }: { isLocked: boolean } = { isLocked: false },
): KeyCondition {
  const conditions = [...Map.groupBy(keys, (key) => [...key.keys()].join()).values()].flatMap((alike) => {
    const parts = partsByField(alike);
    // Keys over the same fields that differ in one of them share a condition, and so do those by id: few rows are too many.
    const isOneSet = [...parts.values()].filter(({ length }) => length > 1).length <= 1;
    const isShared = isOneSet || (!isLocked && parts.has('id'));
    return isShared ? [parts] : alike.map((key) => partsByField([key]));
  });
  const texts = conditions.map((parts) =>
    allOf([...parts].map(([field, wanted]) => isWanted(field, wanted, meta, transaction))),
  );
  return {
    text: texts.map(({ text }) => text).join(' or '),
    values: texts.flatMap(({ values }) => values),
    isOneForm: texts.length === 1 && texts.every(({ isOneForm }) => isOneForm),
  };
}

function partsByField(keys: readonly Key[]): Map<string, KeyParts> {
  const fields = [...(keys[0]?.keys() ?? [])];
  return new Map(fields.map((field) => [field, [...new Set(keys.flatMap((key) => key.get(field) ?? []))]]));
}

function allOf(conditions: readonly KeyCondition[]): KeyCondition {
  return {
    text: `(${conditions.map(({ text }) => text).join(' and ')})`,
    values: conditions.flatMap(({ values }) => values),
    isOneForm: conditions.every(({ isOneForm }) => isOneForm),
  };
}

// SQL's `in` never finds null, so null is asked for by itself.
function isWanted(
  field: string,
  parts: KeyParts,
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
  const isOnItsWay = (part: KeyParts[number]) => isFieldOfRows(part) && !part.source.isFetched;
  const selections = selectionsOf(parts.filter(isFieldOfRows).filter(isOnItsWay), transaction);
  const values = knownValues(parts.filter((part) => !isOnItsWay(part)));
  const known = values.filter((value) => value !== null);
  const isOneForm = selections.every((selection) => selection.isOneForm);
  const either: Condition[] = [];
  if (values.length > known.length) either.push(isNull(column));
  if (known.length + selections.length > 0) either.push(isAmong(column, known, selections, transaction));
  // No row is named, for example by an empty list.
  if (either.length === 0) return { text: 'false', values: [], isOneForm };
  const text = either.map((condition) => condition.text).join(' or ');
  return { text: either.length > 1 ? `(${text})` : text, values: either.flatMap(({ values }) => values), isOneForm };
}

function isAmong(
  column: Parameters<typeof isOneOf>[0],
  known: readonly (string | number)[],
  selections: readonly Condition[],
  { engine }: Transaction,
): Condition {
  const [only, ...others] = known;
  if (only === undefined || others.length + selections.length > 0) return isOneOf(column, known, engine, selections);
  return isWord(column, only) ?? isValue(column, only);
}

/** The values of fields of rows that are on their way, as selections. */
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
