import type { EntityManager } from '@baguni/db';

/** SQL that is true of the rows of a page: the column holds one of the page's ids. */
export type PageOf = (column: string) => string;

const PAGE_SIZE_MIN = 500;
const PAGE_SIZE_MAX = 10_000;
/** A page that takes longer makes the next ones smaller, so that none runs into a statement's time limit. */
const PAGE_SLOW_MS = 1_000;

/** The last id of each table; tables without rows are left out. */
export type LastIds = ReadonlyMap<string, number>;

/** Finds the last ids of all these tables in one query: most tables of a small shop are empty, or one page. */
export async function findLastIds(em: EntityManager, tables: readonly string[]): Promise<LastIds> {
  const columns = tables.map((table) => `(select max(id) from ${table}) as ${table}`);
  const [row = {}] = await em.execute<Record<string, number | string | null>[]>(`select ${columns.join()}`);
  return new Map(Object.entries(row).flatMap(([table, last]) => (last === null ? [] : [[table, Number(last)]])));
}

/** Goes through a table by id, some thousand rows at a time, until `visit` says that it has seen enough. */
export async function walk(
  em: EntityManager,
  table: string,
  lastIds: LastIds,
  visit: (page: PageOf) => Promise<'go on' | 'enough'>,
): Promise<void> {
  const end = lastIds.get(table) ?? 0;
  let size = PAGE_SIZE_MAX;
  for (let after = 0; after < end; ) {
    const first = after;
    const last = end - after <= size ? end : await endOfPage(em, table, after, size);
    const startedAt = performance.now();
    if ((await visit((column) => `${column} > ${first} and ${column} <= ${last}`)) === 'enough') return;
    const isSlow = performance.now() - startedAt > PAGE_SLOW_MS;
    size = Math.min(PAGE_SIZE_MAX, Math.max(PAGE_SIZE_MIN, isSlow ? Math.floor(size / 4) : size * 2));
    after = last;
  }
}

async function endOfPage(em: EntityManager, table: string, after: number, size: number): Promise<number> {
  const ids = `select id from ${table} where id > ${after} order by id limit ${size}`;
  const [row] = await em.execute<{ last: number | string }[]>(`select max(id) as last from (${ids}) as ids`);
  return Number(row?.last);
}
