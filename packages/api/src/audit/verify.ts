import type { Database, EntityManager, ShopSettings } from '@baguni/db';
import { CHECKS } from './checks.ts';
import { findWrongSales, SALES_CHECKS } from './sales.ts';
import type { AuditView, Difference } from './schema.ts';
import { walk } from './walk.ts';

/** How many rows of one check are named. */
const DIFFERENCES_MAX = 100;

/** Recomputes every invariant from history, page by page, all of them against one state of the database. */
export async function verify(database: Database, settings: Pick<ShopSettings, 'timeZone'>): Promise<AuditView> {
  const differences = await database.readConsistently(async (em) => {
    const found: Difference[] = [];
    for (const check of CHECKS) found.push(...(await run(check, em)));
    const millisecondsSql = (column: string) => database.engine.millisecondsSql(column);
    found.push(...(await findWrongSales(em, { ...settings, millisecondsSql, differencesMax: DIFFERENCES_MAX })));
    return found;
  });
  const checks = [...CHECKS, ...SALES_CHECKS];
  return {
    clean: differences.length === 0,
    checks: checks.length,
    invariants: [...Map.groupBy(checks, ({ invariant }) => invariant)].map(([invariant, ofInvariant]) => ({
      invariant,
      checks: ofInvariant.length,
      differences: differences.filter((each) => each.invariant === invariant).length,
    })),
    differences,
  };
}

async function run(check: (typeof CHECKS)[number], em: EntityManager): Promise<Difference[]> {
  const { invariant, table, problem } = check;
  const found: Difference[] = [];
  await walk(em, table, async (page) => {
    const rows = await em.execute<{ id: number | string }[]>(
      `${check.sql(page)} limit ${DIFFERENCES_MAX - found.length}`,
    );
    found.push(...rows.map(({ id }) => ({ invariant, table, id: Number(id), problem })));
    return found.length < DIFFERENCES_MAX ? 'go on' : 'enough';
  });
  return found;
}
