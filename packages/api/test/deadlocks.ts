import { openDatabase } from '@baguni/db';
import { expect, onTestFinished } from 'vitest';

/** Fails the test if there was a deadlock. Said before anybody connects, so that it is asked when all have gone. */
export function expectNoDeadlocks(databaseUrl: string): void {
  onTestFinished(async () => {
    expect(await deadlocksOf(databaseUrl)).toBe(0);
  });
}

/** How many deadlocks a database has had to break up. Disconnects whoever is connected to it. */
export async function deadlocksOf(databaseUrl: string): Promise<number> {
  await using database = await openDatabase(databaseUrl);
  // A connection tells what it has counted some seconds later, or when it ends; this waits for the end of each.
  await database.fork().execute(`
    select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  const [row] = await database
    .fork()
    .execute<{ count: string }[]>('select deadlocks as count from pg_stat_database where datname = current_database()');
  return Number(row?.count);
}
