import type { Database } from '@baguni/db';
import { CHECKS } from './checks.ts';
import type { AuditView } from './schema.ts';

/** How many rows of one check are named. */
const DIFFERENCES_MAX = 100;

/** Recomputes every invariant from history, all of them against one state of the database. */
export async function verify(database: Database): Promise<AuditView> {
  const differences = await database.readConsistently(async (em) => {
    const found: AuditView['differences'] = [];
    for (const { invariant, table, problem, sql } of CHECKS) {
      const rows = await em.execute<{ id: number | string }[]>(`${sql} limit ${DIFFERENCES_MAX}`);
      found.push(...rows.map(({ id }) => ({ invariant, table, id: Number(id), problem })));
    }
    return found;
  });
  return { clean: differences.length === 0, checks: CHECKS.length, differences };
}
