import { z } from 'zod';
import { DomainError } from './errors.ts';
import type { Schema } from './fields.ts';

/** How many items one page holds at most. */
const PAGE_SIZE_MAX = 100;
const PAGE_SIZE = 20;
const CURSOR_LENGTH_MAX = 200;

/** Which part of a list is wanted. */
export interface PageInput {
  /** How many items, 1 to 100; 20 unless said otherwise. */
  limit?: number | undefined;
  /** `nextCursor` of the page before; none for the first page. */
  cursor?: string | undefined;
}

export const pageInput = {
  limit: z.int().min(1).max(PAGE_SIZE_MAX).optional(),
  cursor: z.string().max(CURSOR_LENGTH_MAX).optional(),
};

/** One page of a list, newest first. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; `null` on the last page. */
  nextCursor: string | null;
}

export function pageOf<Item>(item: Schema<Item>): Schema<Page<Item>> {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The place of a row in a list that is ordered by time, then id. Stable while rows are added. */
export interface Position {
  readonly at: Date;
  readonly id: number;
}

/** Asks for one row more than the page holds: whether it comes tells whether there is a next page. */
export async function loadPage<Row, Item>(
  { limit = PAGE_SIZE, cursor }: PageInput,
  list: {
    fetch: (after: Position | undefined, limit: number) => Promise<Row[]>;
    position: (row: Row) => Position;
    toItems: (rows: Row[]) => Item[] | Promise<Item[]>;
  },
): Promise<Page<Item>> {
  const rows = await list.fetch(cursor === undefined ? undefined : parseCursor(cursor), limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await list.toItems(shown),
    nextCursor: last && rows.length > limit ? toCursor(list.position(last)) : null,
  };
}

function toCursor({ at, id }: Position): string {
  return Buffer.from(`${at.getTime()}.${id}`).toString('base64url');
}

function parseCursor(cursor: string): Position {
  const [, time, id] = /^(\d{1,15})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const position = { at: new Date(Number(time)), id: Number(id) };
  if (!Number.isSafeInteger(position.id) || Number.isNaN(position.at.getTime())) {
    throw new DomainError('INPUT_INVALID', 'cursor: Is not one that a list has given.', {
      issues: [{ path: 'cursor', message: 'Is not one that a list has given.' }],
    });
  }
  return position;
}

/** The part of a `where` that leaves out everything up to the position, newest first. */
export function olderThan(after: Position | undefined) {
  if (!after) return {};
  return { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, id: { $lt: after.id } }] };
}

export const NEWEST_FIRST = { createdAt: 'desc', id: 'desc' } as const;
