import { z } from 'zod';
import { DomainError } from './errors.ts';
import type { Schema } from './fields.ts';

/** How many items one page holds at most. */
export const PAGE_SIZE_MAX = 100;
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

/** One page of a list. */
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

/** A page of a list that is ordered by time, then id. */
export async function loadPage<Row, Item>(
  input: PageInput,
  list: {
    fetch: (after: Position | undefined, limit: number) => Promise<Row[]>;
    position: (row: Row) => Position;
    toItems: (rows: Row[]) => Item[] | Promise<Item[]>;
  },
): Promise<Page<Item>> {
  return loadSortedPage(input, {
    sort: 'newest',
    fetch: (after, limit) => list.fetch(after && { at: new Date(after.key), id: after.id }, limit),
    place: (row) => {
      const { at, id } = list.position(row);
      return { key: at.getTime(), id };
    },
    toItems: list.toItems,
  });
}

/** The place of a row in a list that is ordered by a whole number, then id. */
export interface Place {
  readonly key: number;
  readonly id: number;
}

/** A page of a list that can be read in several orders. A cursor belongs to the order that it was given in. */
export async function loadSortedPage<Row, Item>(
  { limit = PAGE_SIZE, cursor }: PageInput,
  list: {
    /** The name of the order: letters. */
    sort: string;
    fetch: (after: Place | undefined, limit: number) => Promise<Row[]>;
    place: (row: Row) => Place;
    toItems: (rows: Row[]) => Item[] | Promise<Item[]>;
  },
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : parseCursor(cursor, list.sort);
  // One row more than the page holds: whether it comes tells whether there is a next page.
  const rows = await list.fetch(after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await list.toItems(shown),
    nextCursor: last && rows.length > limit ? toCursor(list.place(last), list.sort) : null,
  };
}

function toCursor({ key, id }: Place, sort: string): string {
  return Buffer.from(`${sort}.${key}.${id}`).toString('base64url');
}

function parseCursor(cursor: string, sort: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, sortGiven, key, id] = /^([a-zA-Z]+)\.(\d{1,16})\.(\d{1,16})$/.exec(text) ?? [];
  const place = { key: Number(key), id: Number(id) };
  // Of a list by time the key becomes a Date, and Dates end before the safe integers do.
  const isPlace = Number.isSafeInteger(place.id) && place.key <= DATE_MAX;
  if (!isPlace) throw cursorRefused('Is not one that a list has given.');
  if (sortGiven !== sort) throw cursorRefused('Belongs to a list in another order.');
  return place;
}

const DATE_MAX = 8_640_000_000_000_000;

function cursorRefused(message: string): DomainError {
  return new DomainError('INPUT_INVALID', `cursor: ${message}`, { issues: [{ path: 'cursor', message }] });
}

/** The part of a `where` that leaves out everything up to the position, newest first. */
export function olderThan(after: Position | undefined) {
  if (!after) return {};
  return beyond('createdAt', 'desc', { key: after.at, id: after.id });
}

/** The part of a `where` that leaves out everything up to a place in the order of a column, then id. */
export function beyond<Key>(column: string, direction: 'asc' | 'desc', { key, id }: { key: Key; id: number }) {
  const past = direction === 'asc' ? '$gt' : '$lt';
  const upTo = direction === 'asc' ? '$gte' : '$lte';
  // The first condition follows from the second; an index can start from it, where it cannot from an `or`.
  return {
    $and: [
      { [column]: { [upTo]: key } },
      { $or: [{ [column]: { [past]: key } }, { [column]: key, id: { [past]: id } }] },
    ],
  };
}

export const NEWEST_FIRST = { createdAt: 'desc', id: 'desc' } as const;
