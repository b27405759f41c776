import type { Database, EntityManager, ShopSettings } from '@baguni/db';
import { CHECKS } from './checks.ts';
import { findWrongSales, SALES_CHECKS, SALES_TABLES } from './sales.ts';
import type { AuditView, Difference } from './schema.ts';
import { findLastIds, type LastIds, walk } from './walk.ts';

/** How many rows of one check are named. */
const DIFFERENCES_MAX = 100;

const TABLES = [...new Set([...CHECKS.map(({ table }) => table), ...SALES_TABLES])];

/** Recomputes every invariant from history, page by page, all of them against one state of the database. */
export async function verify(database: Database, settings: Pick<ShopSettings, 'timeZone'>): Promise<AuditView> {
  const differences = await database.readConsistently(async (em) => {
    const found: Difference[] = [];
    const lastIds = await findLastIds(em, TABLES);
    for (const check of CHECKS) found.push(...(await run(check, em, lastIds)));
    const millisecondsSql = (column: string) => database.engine.millisecondsSql(column);
    found.push(
      ...(await findWrongSales(em, { ...settings, lastIds, millisecondsSql, differencesMax: DIFFERENCES_MAX })),
    );
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

interface WrongRow {
  readonly id: number | string;
  readonly expected?: number | string | null;
  readonly found?: number | string | null;
}

async function run(check: (typeof CHECKS)[number], em: EntityManager, lastIds: LastIds): Promise<Difference[]> {
  const { invariant, table, problem } = check;
  const differences: Difference[] = [];
  await walk(em, table, lastIds, async (page) => {
    const rows = await em.execute<WrongRow[]>(`${check.sql(page)} limit ${DIFFERENCES_MAX - differences.length}`);
    for (const { id, expected, found } of rows) {
      differences.push({
        invariant,
        table,
        id: Number(id),
        problem,
        expected: toNumber(expected),
        found: toNumber(found),
      });
    }
    return differences.length < DIFFERENCES_MAX ? 'go on' : 'enough';
  });
  return differences;
}

function toNumber(value: number | string | null | undefined): number | null {
  return value == null ? null : Number(value);
}
