import type { Database } from '@baguni/db';
import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { gate, onBoth, openBoth, outcomeOf } from './two-engines.ts';

const INSERT = "insert into users (name, created_at, updated_at) values ('%', ?, ?)";

function addUser(database: { execute(sql: string, params: unknown[]): Promise<unknown> }, name: string, now: unknown) {
  return database.execute(INSERT.replace('%', name), [now, now]);
}

/** What the database's own columns take for a moment. */
const momentOf = ({ engine }: Database) => (engine.name === 'sqlite' ? 0 : new Date(0));

test('in memory one transaction is under way at a time; on Postgres two are', async () => {
  const seen = await onBoth(async (database) => {
    const [first, second] = [gate(), gate()];
    const order: string[] = [];
    const left = database.fork().transactional(async (em) => {
      await addUser(em, 'left', momentOf(database));
      order.push('left begins');
      first.open();
      // On Postgres the other transaction begins now; in memory nobody can, so this one must not wait for it.
      if (database.engine.name === 'postgres') await second.opened;
      order.push('left ends');
    });
    await first.opened;
    const right = database.fork().transactional(async (em) => {
      await addUser(em, 'right', momentOf(database));
      order.push('right begins');
      second.open();
    });
    await Promise.all([left, right]);
    return order;
  });
  expect(seen.sqlite).toEqual(['left begins', 'left ends', 'right begins']);
  expect(seen.postgres).toEqual(['left begins', 'right begins', 'left ends']);
});

test('a read in memory waits for the transaction that is under way; on Postgres it sees what was there before', async () => {
  const seen = await onBoth(async (database) => {
    const [written, read] = [gate(), gate()];
    const writing = database.fork().transactional(async (em) => {
      await addUser(em, 'new', momentOf(database));
      written.open();
      if (database.engine.name === 'postgres') await read.opened;
    });
    await written.opened;
    const [row] = await database.fork().execute<{ count: number | string }[]>('select count(*) as count from users');
    read.open();
    await writing;
    return Number(row?.count);
  });
  expect(seen).toEqual({ sqlite: 1, postgres: 0 });
});

test('an update that forgets to lock loses another one on Postgres and cannot in memory', async () => {
  const seen = await onBoth(async (database) => {
    await addUser(database.fork(), '0', momentOf(database));
    const bothHaveRead = gate();
    let reads = 0;
    const raise = () =>
      database.fork().transactional(async (em) => {
        const [row] = await em.execute<{ name: string }[]>('select name from users');
        reads++;
        // On Postgres both read before one of them writes.
        if (reads === 2) bothHaveRead.open();
        if (database.engine.name === 'postgres') await bothHaveRead.opened;
        await em.execute('update users set name = ?', [String(Number(row?.name) + 1)]);
      });
    await Promise.all([raise(), raise()]);
    const [row] = await database.fork().execute<{ name: string }[]>('select name from users');
    return row?.name;
  });
  expect(seen).toEqual({ sqlite: '2', postgres: '1' });
});

test('locks in opposite order are a deadlock on Postgres, which ends one of the two', async () => {
  const { postgres } = await openBoth();
  for (const name of ['a', 'b']) await addUser(postgres.fork(), name, momentOf(postgres));
  const [leftHasOne, rightHasOne] = [gate(), gate()];
  const lock = (name: string) => `select id from users where name = '${name}' for no key update`;
  const left = postgres.fork().transactional(async (em) => {
    await em.execute(lock('a'));
    leftHasOne.open();
    await rightHasOne.opened;
    await em.execute(lock('b'));
  });
  const right = postgres.fork().transactional(async (em) => {
    await em.execute(lock('b'));
    rightHasOne.open();
    await leftHasOne.opened;
    await em.execute(lock('a'));
  });
  const outcomes = await Promise.all([outcomeOf(left), outcomeOf(right)]);
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome.includes('deadlock detected'))).toHaveLength(1);
});

test('on Postgres a transaction may find that another changed what it read; in memory none can come between', async () => {
  const { sqlite, postgres } = await openBoth();
  const outcomes: Record<string, string> = {};
  for (const database of [sqlite, postgres]) {
    await addUser(database.fork(), '0', momentOf(database));
    const isPostgres = database.engine.name === 'postgres';
    const hasRead = gate();
    const change = (em: { execute(sql: string): Promise<unknown> }) => em.execute("update users set name = 'changed'");
    const first = database.fork().transactional(async (em) => {
      if (isPostgres) await em.execute('set transaction isolation level repeatable read');
      await em.execute('select name from users');
      if (isPostgres) await change(database.fork());
      hasRead.open();
      await change(em);
    });
    outcomes[database.engine.name] = await outcomeOf(first);
  }
  expect(outcomes.sqlite).toBe('done');
  expect(outcomes.postgres).toContain('could not serialize access');
});

test('a lock that is not given back, and a statement that takes too long, have an end on Postgres', async () => {
  const { postgres } = await openBoth();
  await addUser(postgres.fork(), 'a', momentOf(postgres));
  const lock = 'select id from users for no key update';
  await postgres.fork().transactional(async (holding) => {
    await holding.execute(lock);
    const waiting = postgres.fork().transactional(async (em) => {
      await em.execute('set local lock_timeout = 1');
      await em.execute(lock);
    });
    expect(await outcomeOf(waiting)).toContain('lock timeout');
  });
  const slow = postgres.fork().transactional(async (em) => {
    await em.execute('set local statement_timeout = 1');
    await em.execute('select pg_sleep(10)');
  });
  expect(await outcomeOf(slow)).toContain('statement timeout');
});

test('in memory there is no connection to lose; on Postgres one may break at any moment', async () => {
  const seen = await onBoth((database) =>
    outcomeOf(database.fork().execute('select pg_terminate_backend(pg_backend_pid())')),
  );
  expect(seen.sqlite).toContain('no such function');
  expect(seen.postgres).toMatch(/terminat/);
});

test('two engines with one database URL are two shops in memory and one shop on Postgres', async () => {
  const databaseUrl = await freshDatabaseUrl('postgres');
  const seen: Record<string, number> = {};
  for (const url of ['sqlite::memory:', databaseUrl]) {
    const left = await createTestEngine({ databaseUrl: url });
    const right = await createTestEngine({ databaseUrl: url });
    onTestFinished(async () => {
      await left.close();
      await right.close();
    });
    await left.given.product();
    seen[url === databaseUrl ? 'postgres' : 'sqlite'] = (await right.anonymous.products.list()).items.length;
  }
  expect(seen).toEqual({ sqlite: 0, postgres: 1 });
});

test('ids in memory go on by one; on Postgres every process has blocks of its own, so that they leave gaps', async () => {
  const memory = await createTestEngine();
  const before = await memory.given.user();
  const fork = await memory.fork();
  const databaseUrl = await freshDatabaseUrl('postgres');
  const [left, right] = [await createTestEngine({ databaseUrl }), await createTestEngine({ databaseUrl })];
  onTestFinished(async () => {
    for (const engine of [memory, fork, left, right]) await engine.close();
  });
  expect((await fork.given.user()).id - before.id).toBe(1);
  const { id } = await left.given.user();
  expect((await right.given.user()).id - id).toBeGreaterThan(1);
});
