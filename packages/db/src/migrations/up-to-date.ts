import { TableNotFoundException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';

/**
 * Whether every migration is on record: one statement, where the ORM's migrator takes a lock, a connection of its own and
 * ten statements to find that there is nothing to do, at each start of a server. What is on record is committed.
 */
export async function isUpToDate(em: SqlEntityManager): Promise<boolean> {
  const { tableName, migrationsList = [] } = em.config.get('migrations');
  try {
    const applied = await em.execute<{ name: string }[]>(`select name from ${tableName}`);
    const names = new Set(applied.map(({ name }) => name));
    return migrationsList.every(({ name }) => names.has(name));
  } catch (error) {
    if (error instanceof TableNotFoundException) return false;
    throw error;
  }
}
