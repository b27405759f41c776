import { openDatabase } from '@baguni/db';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { deadlocksOf } from './deadlocks.ts';

test('a deadlock is counted as soon as it has happened', async () => {
  const databaseUrl = await freshDatabaseUrl();
  const database = await openDatabase(databaseUrl);
  onTestFinished(() => database.close());
  const bothHaveOne = Promise.withResolvers<void>();
  let holding = 0;
  const lock = (first: number, second: number) =>
    database.fork().transactional(async (em) => {
      // Who has waited for a second also tells what it has counted; nobody has to here.
      await em.execute("set local deadlock_timeout = '1ms'");
      await em.execute('select pg_advisory_xact_lock(?)', [first]);
      if (++holding === 2) bothHaveOne.resolve();
      await bothHaveOne.promise;
      await em.execute('select pg_advisory_xact_lock(?)', [second]);
    });

  const ended = await Promise.allSettled([lock(1, 2), lock(2, 1)]);

  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await deadlocksOf(databaseUrl)).toBe(1);
});
