import { expect, test } from 'vitest';
import { PointEntry, User } from '../src/index.ts';
import { chargeWallet } from './commands.ts';
import { expectPoolIsIdle, POOL_SIZE } from './pool.ts';
import { observe } from './postgres.ts';
import { openShop } from './shop.ts';

/** More than the pool has: if each of them kept its connection, none would be left. */
const MORE_THAN_THE_POOL = POOL_SIZE + 2;

const KILL = 'select pg_terminate_backend(pg_backend_pid())';

test('transactions whose connections die leave the whole pool to others', async () => {
  const shop = await openShop();
  const { database } = shop;

  for (let count = 0; count < MORE_THAN_THE_POOL; count++) {
    await expect(database.fork().transactional((em) => em.execute(KILL))).rejects.toThrow();
    await expect(database.readConsistently((em) => em.execute(KILL))).rejects.toThrow();
    await expect(database.alone('sequencing', (em) => em.execute(KILL))).rejects.toThrow();
  }

  await expectPoolIsIdle(shop);
});

test('a COMMIT that a deferred constraint refuses is told, changes nothing, and costs no connection', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const observer = await observe(shop.url);
  await observer.query(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'Not today.'; end $$`);
  await observer.query(`create constraint trigger refuses after insert on point_entries
    deferrable initially deferred for each row execute function refuse()`);

  for (let count = 0; count < MORE_THAN_THE_POOL; count++) {
    await expect(shop.run(chargeWallet, { userId, points: 100 })).rejects.toThrow();
  }

  expect(await shop.database.fork().count(PointEntry, { userId })).toBe(0);
  await expectPoolIsIdle(shop);
});

test('a COMMIT that Postgres answers with ROLLBACK is no commit, and costs no connection', async () => {
  const shop = await openShop();
  const { database } = shop;

  for (let count = 0; count < MORE_THAN_THE_POOL; count++) {
    const aborted = database.fork().transactional(async (em) => {
      await em.execute(`insert into users (name, created_at, updated_at) values ('Lee', now(), now())`);
      // Whoever goes on after an error has nothing that could be committed.
      await em.execute('select 1 / 0').catch(() => undefined);
    });
    await expect(aborted).rejects.toThrow('rolled back instead of committed');

    const transaction = await database.begin();
    await expect(transaction.send('select 1 / 0', [])).rejects.toThrow();
    await expect(transaction.commit()).rejects.toThrow('rolled back instead of committed');
    await transaction.rollBack();
  }

  expect(await database.fork().count(User)).toBe(0);
  await expectPoolIsIdle(shop);
});
