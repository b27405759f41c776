import type { EntityManager } from '@baguni/db';

/** SQL that is true of the rows of a page: the column holds one of the page's ids. */
export type PageOf = (column: string) => string;

const PAGE_SIZE_MIN = 500;
const PAGE_SIZE_MAX = 10_000;
/** A page that takes longer makes the next ones smaller, so that none runs into a statement's time limit. */
const PAGE_SLOW_MS = 1_000;

/** Goes through a table by id, some thousand rows at a time, until `visit` says that it has seen enough. */
export async function walk(
  em: EntityManager,
  table: string,
  visit: (page: PageOf) => Promise<'go on' | 'enough'>,
): Promise<void> {
  let size = PAGE_SIZE_MAX;
  for (let after = 0; ; ) {
    const ids = `select id from ${table} where id > ${after} order by id limit ${size}`;
    const [row] = await em.execute<{ last: number | string | null }[]>(`select max(id) as last from (${ids}) as ids`);
    if (row?.last == null) return;
    const first = after;
    const last = Number(row.last);
    const startedAt = performance.now();
    if ((await visit((column) => `${column} > ${first} and ${column} <= ${last}`)) === 'enough') return;
    const isSlow = performance.now() - startedAt > PAGE_SLOW_MS;
    size = Math.min(PAGE_SIZE_MAX, Math.max(PAGE_SIZE_MIN, isSlow ? Math.floor(size / 4) : size * 2));
    after = last;
  }
}
