import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, type Interceptor, openDatabase, UnitOfWork } from '../src/index.ts';
import { addUser } from './commands.ts';
import { POOL_SIZE } from './pool.ts';

/** More than the pool has: if each of them kept its connection, none would be left. */
const MORE_THAN_THE_POOL = POOL_SIZE + 2;

test('the statements of the ORM go through the Kysely of this package, whichever one the ORM brings', async () => {
  const database = await open();

  expect(database.fork().getKysely()).toBeInstanceOf(Kysely);
  await database.fork().transactional(async (em) => {
    expect(em.getTransactionContext()).toBeInstanceOf(Kysely);
  });
});

test.for<[string, RegExp]>([
  ['BEGIN', /^(begin|start transaction)/],
  ['ROLLBACK', /^rollback/],
])('a transaction whose %s fails gives its connection back', async ([, statement]) => {
  let failures = 0;
  const database = await open(async ({ sql, send, sendInstead }) => {
    if (failures === MORE_THAN_THE_POOL * 2 || !statement.test(sql)) return send();
    failures++;
    // So that SQLite, which does not replace a connection, can begin again.
    if (statement.test('rollback')) await sendInstead('rollback');
    throw new Error('The database went away.');
  });
  const refuse = () => Promise.reject(new Error('No.'));

  for (let count = 0; count < MORE_THAN_THE_POOL; count++) {
    await expect(database.fork().transactional(refuse)).rejects.toThrow();
    await expect(database.readConsistently(refuse)).rejects.toThrow();
  }

  expect(failures).toBe(MORE_THAN_THE_POOL * 2);
  expect(await database.readConsistently(async () => 'answered')).toBe('answered');
  const unitOfWork = new UnitOfWork(database);
  expect(await unitOfWork.execute(addUser, { input: {}, actor: { kind: 'system' } })).toMatchObject({
    userId: expect.any(Number),
  });
});

/** A migrated database over which nothing has failed yet. */
async function open(interceptor?: Interceptor): Promise<Database> {
  let isMigrated = false;
  const afterMigration: Interceptor = (statement) =>
    interceptor && isMigrated ? interceptor(statement) : statement.send();
  const database = await openDatabase(await freshDatabaseUrl(), { interceptor: afterMigration });
  onTestFinished(() => database.close());
  await database.migrate();
  isMigrated = true;
  return database;
}
