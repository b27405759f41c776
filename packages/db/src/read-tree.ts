import type { EntityClass } from '@mikro-orm/core';
import type { Condition } from './condition.ts';
import { quoted } from './engines/statement.ts';
import { type Reader, type ReadOptions, type ReadWhere, type Row, type Selection, selectRows } from './read-rows.ts';
import { SharedTable } from './shared-table.ts';
import type { Identified } from './unit-of-work/rows.ts';

/** Rows that belong to other rows of the same tree. */
export interface Branch<Entity> {
  readonly type: EntityClass<Entity>;
  /** The field that names the others. */
  readonly field: string;
  /** The others: the root, unless another branch is named. */
  readonly of: string;
  /** By which of their fields they are named. */
  readonly by: string;
}

/** The rows of which a field is the id of the root, or as said. */
export function branch<Entity extends Identified>(
  type: EntityClass<Entity>,
  field: keyof Row<Entity> & string,
  { of = 'root', by = 'id' }: { of?: string; by?: string } = {},
): Branch<Entity> {
  return { type, field, of, by };
}

/** The types of the branches, by name. */
export type Types = Readonly<Record<string, Identified>>;
export type Branches<T extends Types> = { readonly [Name in keyof T]: Branch<T[Name]> };

/** Rows of one moment: those of the root in the order that was asked for, those of a branch in order of id. */
export type Tree<Root, T extends Types> = { readonly root: Row<Root>[] } & {
  readonly [Name in keyof T]: Row<T[Name]>[];
};

/** Reads rows and what belongs to them in one statement, so that all of it is of one moment. */
export async function readTree<Root extends Identified, T extends Types>(
  reader: Reader,
  type: EntityClass<Root>,
  where: ReadWhere<NoInfer<Root>>,
  options: ReadOptions<NoInfer<Root>>,
  branches: Branches<T>,
): Promise<Tree<Root, T>> {
  const root = selectRows(reader, type, where, options);
  const parts = [
    { name: ROOT, selection: root, statement: root },
    ...Object.entries<Branch<Identified>>(branches).map(([name, branch]) => {
      const selection = selectRows(reader, branch.type, {});
      return { name, selection, statement: belonging(selection, branch, reader) };
    }),
  ];
  const table = new SharedTable(parts.map(({ selection }) => selection.columns));
  const named = parts.map(({ name, statement }) => `${tableOf(name)} as (${statement.text})`);
  const selected = parts.map(({ name }, kind) => `${table.selectionOf(kind)} from ${tableOf(name)}`);
  const values = parts.flatMap(({ statement }) => statement.values);
  const text = `with ${named.join()} ${selected.join(' union all ')}`;
  const found = table.rowsByKind(
    await reader.read(reader.engine.sqlOf({ text, values, isRepeated: root.isRepeated }), values),
  );
  const rows = parts.map(({ name, selection }, kind): [string, object[]] => {
    const order = name === ROOT ? options.orderBy : { id: 'asc' as const };
    return [name, inOrder<object>(selection.toRows(found[kind] ?? []), order)];
  });
  // Each name keeps its own type; Object.fromEntries cannot say so.
  return Object.fromEntries(rows) as Tree<Root, T>;
}

const ROOT = 'root';

// No table of the shop is called so, which it would hide.
function tableOf(name: string): string {
  return quoted(`tree_${name}`);
}

function belonging<Entity>(
  { columns, text, values }: Selection<Entity>,
  { field, of, by }: Branch<Entity>,
  { engine }: Reader,
): Condition {
  const column = columns.find(({ name }) => name === field);
  if (!column) throw new Error(`No rows belong to others by ${field}.`);
  const selected = [`select ${quoted(by)} from ${tableOf(of)}`];
  const condition = engine.isOneOf(column.source, [], { type: column.type, selected });
  return { text: `${text} and ${condition.text}`, values: [...values, condition.value] };
}

// A union has no order of its own. Rows are in the order of numbers and moments, which are the same to the database.
function inOrder<Found extends object>(
  rows: Found[],
  orderBy: Readonly<Record<string, 'asc' | 'desc' | undefined>> = {},
) {
  return rows.sort((a, b) => {
    for (const [field, direction] of Object.entries(orderBy)) {
      const [left, right] = [Number(Reflect.get(a, field)), Number(Reflect.get(b, field))];
      if (left !== right) return direction === 'desc' ? right - left : left - right;
    }
    return 0;
  });
}
