import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, test } from 'vitest';
import { PointEntry, User } from '../src/index.ts';
import { addUser, adjustStock, chargeWallet } from './commands.ts';
import { expectPoolIsIdle } from './pool.ts';
import { type CommitFate, CommitProxy, hold, observe } from './postgres.ts';
import { joinShop, openShop, type Shop } from './shop.ts';

test('a connection killed while its transaction waits for rows is replaced, and everything counts once', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(0);
  const observer = await observe(shop.url);
  const release = await hold(shop.url, 'select * from stocks for update');

  const answers = Array.from({ length: 20 }, () => shop.run(adjustStock, { productId, delta: 1 }));
  const [pid = 0] = await observer.blocked(1);
  await observer.terminate(pid);
  await release();

  expect((await Promise.all(answers)).map(({ quantity }) => quantity)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  expect(await shop.stockBooks()).toMatchObject([{ stock: 20, copy: 20, entries: 20, entryCount: 20 }]);
  await expectPoolIsIdle(shop);
});

test('a connection killed while its transaction writes is replaced, and everything counts once', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(0);
  const observer = await observe(shop.url);
  // The insert of the same external id waits until it is known whether this row stays.
  const release = await hold(
    shop.url,
    `insert into users (name, external_id, created_at, updated_at) values ('Lee', 'lee', now(), now())`,
  );

  const answers = Promise.all([
    shop.run(adjustStock, { productId, delta: 1 }),
    shop.run(addUser, { externalId: 'lee' }),
    shop.run(adjustStock, { productId, delta: 1 }),
  ]);
  const [pid = 0] = await observer.blocked(1);
  await observer.terminate(pid);
  await release();

  expect(await answers).toMatchObject([{ quantity: 1 }, {}, { quantity: 2 }]);
  expect(await shop.stockBooks()).toMatchObject([{ stock: 2, copy: 2, entries: 2, entryCount: 2 }]);
  expect(await shop.database.fork().count(User, { externalId: 'lee' })).toBe(1);
  await expectPoolIsIdle(shop);
});

test('idle connections that the server closed are replaced without anybody noticing', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(0);
  const observer = await observe(shop.url);
  await observer.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'baguni'`);

  expect(await shop.run(adjustStock, { productId, delta: 1 })).toMatchObject({ quantity: 1 });
});

test.for<CommitFate>(['is lost', 'is not confirmed'])(
  'a connection that breaks when COMMIT %s ends in the true answer',
  async (fate) => {
    const { shop, proxy, userId } = await shopBehindProxy();

    proxy.nextCommit(fate);
    const answers = await Promise.allSettled([
      shop.run(chargeWallet, { userId, points: 100 }, { key: 'a' }),
      shop.run(chargeWallet, { userId, points: 20 }),
      shop.run(chargeWallet, { userId, points: 2_000_000_000_000 }, { key: 'b' }),
      shop.run(chargeWallet, { userId, points: 3 }),
    ]);

    expect(proxy.cuts).toBe(1);
    expect(answers).toMatchObject([
      { value: { balance: 100 } },
      { value: { balance: 120 } },
      { reason: { reason: 'POINT_BALANCE_LIMIT' } },
      { value: { balance: 123 } },
    ]);
    const entries = await shop.database.fork().find(PointEntry, { userId }, { orderBy: { sequence: 'asc' } });
    expect(entries.map(({ amount }) => amount)).toEqual([100, 20, 3]);
    await expectPoolIsIdle(shop);
  },
);

test('a COMMIT that takes effect only after the next try has begun counts once', async () => {
  const { shop, proxy, userId } = await shopBehindProxy();
  const observer = await observe(shop.url);

  proxy.nextCommit('is late');
  const answers = Promise.all([
    shop.run(chargeWallet, { userId, points: 100 }),
    shop.run(chargeWallet, { userId, points: 20 }),
  ]);
  // The next try has found no record of the first, and waits for the rows that the first still holds.
  await observer.blocked(1);
  proxy.deliver();

  expect(await answers).toMatchObject([{ balance: 100 }, { balance: 120 }]);
  const entries = await shop.database.fork().find(PointEntry, { userId }, { orderBy: { sequence: 'asc' } });
  expect(entries.map(({ amount }) => amount)).toEqual([100, 20]);
  await expectPoolIsIdle(shop);
});

test('when every COMMIT breaks, the caller is told that the outcome is unknown, and the key tells the truth later', async () => {
  const { shop, proxy, userId } = await shopBehindProxy();
  const charge = () => shop.run(chargeWallet, { userId, points: 100 }, { key: 'a' });

  proxy.nextCommit('is lost', 5);
  await expect(charge()).rejects.toMatchObject({
    reason: 'OUTCOME_UNKNOWN',
    details: { retryAfterMs: expect.any(Number) },
  });

  expect(proxy.cuts).toBe(5);
  expect(await charge()).toMatchObject({ balance: 100 });
  expect(await shop.database.fork().count(PointEntry, { userId })).toBe(1);
  await expectPoolIsIdle(shop);
});

test('a database that cannot be reached is UNAVAILABLE, for everybody who waits', async () => {
  const shop = await joinShop('postgres://nobody:nothing@127.0.0.1:1/nowhere');

  const outcomes = await Promise.allSettled([shop.run(addUser, {}), shop.run(addUser, {})]);

  expect(outcomes).toMatchObject([{ reason: { reason: 'UNAVAILABLE' } }, { reason: { reason: 'UNAVAILABLE' } }]);
});

async function shopBehindProxy(): Promise<{ shop: Shop; proxy: CommitProxy; userId: number }> {
  const proxy = await CommitProxy.before(await freshDatabaseUrl());
  const shop = await joinShop(proxy.url);
  await shop.database.migrate();
  return { shop, proxy, userId: await shop.givenUser() };
}
