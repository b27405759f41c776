import type { Shop } from '@baguni/api';

/** An engine in one line: its time, and how many rows its tables hold if it is in memory. */
export function describeEngine({ database }: Shop, now: Date): string {
  const held = rowsOf(database)
    .filter(([, count]) => count > 0)
    .map(([table, count]) => `${table} ${count}`);
  return [database.engine.name, now.toISOString(), held.join(', ')].filter((part) => part !== '').join('; ');
}

function rowsOf({ engine, tables }: Shop['database']): [string, number][] {
  try {
    return [...(engine.rowCounts?.(tables.map(({ tableName }) => tableName)) ?? [])];
  } catch {
    // To look at an engine must not fail, whatever a test has done to its tables.
    return [];
  }
}

/** Leaves one property, `summary`, to those who print all that they see of an object, such as test runners. */
export function showOnly(shown: object, summary: () => string): void {
  for (const name of Object.keys(shown)) Object.defineProperty(shown, name, { enumerable: false });
  Object.defineProperty(shown, 'summary', { enumerable: true, get: summary });
}
