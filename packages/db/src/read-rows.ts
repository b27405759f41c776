import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { type Condition, isNull, isOneOf, isWord } from './condition.ts';
import type { Connected, Engine } from './engines/engine.ts';
import { quoted, type Statement } from './engines/statement.ts';
import { ESCAPE, likeAnywhere } from './text-search.ts';

/** What can be worked out from an entity's fields, and is no field itself. */
export type Derived = 'payableAmount' | 'isCollected';

/** A row as it was read: the fields of an entity without its methods. */
export type Row<Entity> = {
  readonly [Key in keyof Entity as Key extends symbol | Derived
    ? never
    : Entity[Key] extends (...args: never[]) => unknown
      ? never
      : Key]: Entity[Key];
};

/** Which rows are wanted: every condition holds. A value that is `undefined` is no condition. */
export type ReadWhere<Entity> = {
  readonly [Key in keyof Row<Entity>]?: Row<Entity>[Key] | Comparison<Row<Entity>[Key]> | undefined;
} & { readonly $and?: readonly ReadWhere<Entity>[]; readonly $or?: readonly ReadWhere<Entity>[] };

interface Comparison<Value> {
  readonly $gt?: Value;
  readonly $gte?: Value;
  readonly $lt?: Value;
  readonly $lte?: Value;
  readonly $in?: readonly Value[];
  /** Text that the column's text holds. */
  readonly $contains?: string;
}

export interface ReadOptions<Entity> {
  readonly orderBy?: { readonly [Key in keyof Row<Entity>]?: 'asc' | 'desc' };
  readonly limit?: number;
}

/** What reads go through. */
export interface Reader extends Pick<Connected, 'em' | 'read'> {
  readonly engine: Engine;
}

/**
 * Reads rows to look at, in one statement. It speaks the ORM's names and conditions but makes no entities, which costs
 * more than all the rest of a read.
 */
export async function readRows<Entity extends object>(
  reader: Reader,
  type: EntityClass<Entity>,
  where: ReadWhere<NoInfer<Entity>>,
  options: ReadOptions<NoInfer<Entity>> = {},
): Promise<Row<Entity>[]> {
  const selection = selectRows(reader, type, where, options);
  return selection.toRows(await reader.read(reader.engine.sqlOf(selection), selection.values));
}

/** A statement that reads rows of one kind, and what its rows become. */
export interface Selection<Entity> extends Statement {
  readonly columns: readonly SelectedColumn[];
  /** Takes what came: its objects become the rows. */
  toRows(found: Record<string, unknown>[]): Row<Entity>[];
}

/** A column under the name of its field. */
interface SelectedColumn {
  readonly name: string;
  readonly type: string;
  /** What its table calls it, as SQL takes it. */
  readonly source: string;
}

export function selectRows<Entity extends object>(
  { em, engine }: Reader,
  type: EntityClass<Entity>,
  where: ReadWhere<NoInfer<Entity>>,
  { orderBy = {}, limit }: ReadOptions<NoInfer<Entity>> = {},
): Selection<Entity> {
  const columns = columnsOf(em.getMetadata().get<Entity>(type));
  const platform = em.getPlatform();
  const table: Table = {
    columns,
    engine,
    bound: (value) => (value instanceof Date ? platform.processDateProperty(value) : value),
    date: (value) => (typeof value === 'number' ? new Date(value) : platform.parseDate(String(value))),
  };
  const conditions = conditionsOf(where, table);
  const { text: condition, values } = allOf(conditions);
  const order = Object.entries(orderBy).map(
    ([field, direction]) => `${columnOf(table, field).quoted} ${direction === 'asc' ? 'asc' : 'desc'}`,
  );
  const text = [
    `${columns.selection} where ${condition}`,
    ...(order.length > 0 ? [`order by ${order.join()}`] : []),
    ...(limit === undefined ? [] : ['limit ?']),
  ].join(' ');
  return {
    text,
    values: limit === undefined ? values : [...values, limit],
    isRepeated: conditions.length <= KEPT_CONDITIONS_MAX,
    columns: columns.selected,
    toRows(found) {
      for (const row of found) convert(row, table);
      // The columns come from the entity's own description, which is also what its type is made from.
      return found as Row<Entity>[];
    },
  };
}

/**
 * How many conditions a statement may have that the database is asked to keep. Filters can be combined in hundreds of ways,
 * and a connection keeps only so many statements.
 */
const KEPT_CONDITIONS_MAX = 2;

const KINDS = ['number', 'string', 'Date'] as const;

interface Column {
  readonly name: string;
  /** Its name as SQL takes it. */
  readonly quoted: string;
  readonly type: string;
  /** What an enumeration may hold. */
  readonly words: readonly (string | number)[];
  readonly kind: (typeof KINDS)[number];
}

/** The columns of a table, as a read needs to know them. */
interface Columns {
  readonly table: string;
  /** The columns by their fields. */
  readonly byField: ReadonlyMap<string, Column>;
  /** The beginning of every statement that reads them. The database names each column as its field. */
  readonly selection: string;
  readonly selected: readonly SelectedColumn[];
  /** The fields that may come in another form than they are used in. */
  readonly numbers: readonly string[];
  readonly dates: readonly string[];
}

interface Table {
  readonly columns: Columns;
  readonly engine: Engine;
  /** A value as the database takes it. */
  bound(value: unknown): unknown;
  /** A moment as the database gives it. */
  date(value: unknown): Date;
}

const columnsByEntity = new WeakMap<object, Columns>();

function columnsOf<Entity>(meta: EntityMetadata<Entity>): Columns {
  const known = columnsByEntity.get(meta);
  if (known) return known;
  const byField = new Map(meta.comparableProps.map((property) => [String(property.name), columnFor(property)]));
  const selection = [...byField].map(([field, column]) => `${column.quoted} as ${quoted(field)}`);
  const ofKind = (kind: Column['kind']) => [...byField.keys()].filter((field) => byField.get(field)?.kind === kind);
  const columns = {
    table: meta.tableName,
    byField,
    selection: `select ${selection.join()} from ${quoted(meta.tableName)}`,
    selected: [...byField].map(([name, { type, quoted: source }]) => ({ name, type, source })),
    numbers: ofKind('number'),
    dates: ofKind('Date'),
  };
  columnsByEntity.set(meta, columns);
  return columns;
}

function columnFor<Entity>(property: EntityProperty<Entity>): Column {
  const { name, fieldNames, columnTypes, runtimeType, mapToPk, items = [] } = property;
  const [column = String(name)] = fieldNames;
  const [type = 'text'] = columnTypes;
  // Of another row its id is read, which is a number.
  const kind = mapToPk ? 'number' : KINDS.find((each) => each === runtimeType);
  if (!kind) throw new Error(`${String(name)} is of type ${runtimeType}, which only the ORM can read.`);
  return { name: column, quoted: quoted(column), type, words: items, kind };
}

function columnOf({ columns: { table, byField } }: Table, field: string): Column {
  const column = byField.get(field);
  if (!column) throw new Error(`${table} has no ${field}.`);
  return column;
}

// In its place: another object for each row would be as much work as all the rest.
function convert(row: Record<string, unknown>, { columns: { numbers, dates }, date }: Table): void {
  for (const field of numbers) {
    const value = row[field];
    // A 64-bit integer may come as text.
    if (typeof value === 'string') row[field] = Number(value);
  }
  for (const field of dates) {
    const value = row[field];
    if (value !== null && !(value instanceof Date)) row[field] = date(value);
  }
}

function allOf(conditions: readonly Condition[]): Condition {
  const text = conditions.map((condition) => condition.text).join(' and ');
  return { text: text || 'true', values: conditions.flatMap(({ values }) => values) };
}

function conditionsOf(where: object, table: Table): Condition[] {
  return Object.entries(where).flatMap(([key, wanted]: [string, unknown]): Condition[] => {
    if (wanted === undefined) return [];
    if (key !== '$and' && key !== '$or') return comparisonsOf(columnOf(table, key), wanted, table);
    const parts = Array.isArray(wanted) ? wanted.map((part: object) => conditionsOf(part, table)) : [];
    if (key === '$and') return parts.flat();
    const either = parts.map(allOf);
    const text = `(${either.map((part) => `(${part.text})`).join(' or ')})`;
    return [{ text, values: either.flatMap(({ values }) => values) }];
  });
}

const OPERATORS: Readonly<Record<string, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

function comparisonsOf(asked: Column, wanted: unknown, { engine, bound }: Table): Condition[] {
  const column = asked.quoted;
  if (wanted === null) return [isNull(asked)];
  const isAsked = isWord(asked, wanted);
  if (isAsked) return [isAsked];
  if (typeof wanted !== 'object' || wanted instanceof Date) return [{ text: `${column} = ?`, values: [bound(wanted)] }];
  return Object.entries(wanted).map(([operator, value]: [string, unknown]) => {
    if (operator === '$in' && Array.isArray(value)) return isOneOf(asked, value, engine);
    if (operator === '$contains') {
      return { text: `${column} like ? escape '${ESCAPE}'`, values: [likeAnywhere(String(value))] };
    }
    const sign = OPERATORS[operator];
    if (!sign) throw new Error(`A read knows no ${operator}.`);
    return { text: `${column} ${sign} ?`, values: [bound(value)] };
  });
}
