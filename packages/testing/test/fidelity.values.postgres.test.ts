import type { Database } from '@baguni/db';
import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { onBoth, outcomeOf } from './two-engines.ts';

async function readValue(database: Database, sql: string): Promise<unknown> {
  const [row] = await database.fork().execute<{ value: unknown }[]>(`select ${sql} as value`);
  return row?.value;
}

/** One look at the whole engine, on both databases. */
async function throughTheEngine<Seen>(look: (engine: Awaited<ReturnType<typeof createTestEngine>>) => Promise<Seen>) {
  const seen: Record<string, Seen> = {};
  for (const name of ['sqlite', 'postgres'] as const) {
    const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(name) });
    onTestFinished(() => engine.close());
    seen[name] = await look(engine);
  }
  return seen;
}

test("the databases' own LIKE differs in case; the shop's search does not use it so", async () => {
  const like = await onBoth(async (database) => Boolean(await readValue(database, "'TEA' like 'tea'")));
  expect(like).toEqual({ sqlite: true, postgres: false });

  const found = await throughTheEngine(async ({ admin, given, anonymous }) => {
    await given.product({ name: 'Grüner TEE Ÿ' });
    await admin.users.create({ name: 'Ärzte' });
    const products = async (search: string) => (await anonymous.products.list({ search })).items.length;
    const users = async (search: string) => (await admin.users.list({ search })).items.length;
    return [await products('grÜner tee'), await products('ÿ'), await users('Är'), await users('är')];
  });
  expect(found.sqlite).toEqual([1, 1, 1, 0]);
  expect(found.postgres).toEqual(found.sqlite);
});

test("the databases' own lower() and sorting differ beyond ASCII; nothing in the shop goes by them", async () => {
  const lower = await onBoth((database) => readValue(database, "lower('Ä')"));
  expect(lower).toEqual({ sqlite: 'Ä', postgres: 'ä' });

  const names = ['b', 'B', 'ä', 'z', '가'];
  const values = names.map((name) => `('${name}')`).join();
  // In memory there is one order, that of the bytes; Postgres also has those of people, and a server's may be one.
  const sorted = await onBoth(async (database) => {
    const order = database.engine.name === 'sqlite' ? 'name' : 'name collate "und-x-icu"';
    const sql = `with named(name) as (values ${values}) select name from named order by ${order}`;
    return (await database.fork().execute<{ name: string }[]>(sql)).map(({ name }) => name).join('');
  });
  expect(sorted).toEqual({ sqlite: 'Bbzä가', postgres: 'äbBz가' });

  const listed = await throughTheEngine(async ({ admin }) => {
    for (const name of names) await admin.users.create({ name });
    return (await admin.users.list()).items.map(({ name }) => name);
  });
  expect(listed.sqlite).toEqual(names.toReversed());
  expect(listed.postgres).toEqual(listed.sqlite);
});

test('a text that is longer than its column is kept in memory and refused by Postgres; the shop refuses it before', async () => {
  const seen = await onBoth((database) => {
    const now = database.engine.name === 'sqlite' ? 0 : new Date(0);
    const insert = 'insert into users (name, created_at, updated_at) values (?, ?, ?)';
    return outcomeOf(database.fork().execute(insert, ['x'.repeat(500), now, now]));
  });
  expect(seen.sqlite).toBe('done');
  expect(seen.postgres).toContain('value too long');

  const refused = await throughTheEngine(({ admin }) => outcomeOf(admin.users.create({ name: 'x'.repeat(101) })));
  expect(refused.postgres).toBe(refused.sqlite);
  expect(refused.sqlite).not.toBe('done');
});

test('a sum past 64 bits becomes a rounded number in memory and an error on Postgres', async () => {
  const type = 'typeof(9223372036854775807 + 1)';
  const seen = await onBoth((database) =>
    database.engine.name === 'sqlite' ? readValue(database, type) : outcomeOf(readValue(database, type.slice(7, -1))),
  );
  expect(seen.sqlite).toBe('real');
  expect(seen.postgres).toContain('bigint out of range');
});

test('a wallet past 32 bits holds the same on both', async () => {
  const balances = await throughTheEngine(async ({ admin, given }) => {
    const user = await given.user();
    for (let charge = 0; charge < 3; charge++) await admin.points.charge({ userId: user.id, amount: 1_000_000_000 });
    return (await admin.points.balance({ userId: user.id })).balance;
  });
  expect(balances).toEqual({ sqlite: 3_000_000_000, postgres: 3_000_000_000 });
});

test("Postgres' clock has microseconds and memory's has milliseconds; the shop keeps milliseconds on both", async () => {
  const finest = await onBoth((database) =>
    database.engine.name === 'sqlite'
      ? readValue(database, "length(strftime('%f', 'now')) - length('00.')")
      : // Of a thousand looks at a clock of milliseconds, none would see more.
        readValue(
          database,
          `(select max(length(rtrim(to_char(clock_timestamp(), 'US'), '0'))) from generate_series(1, 1000))`,
        ),
  );
  expect(finest).toEqual({ sqlite: 3, postgres: 6 });

  const kept = await throughTheEngine(async (engine) => {
    engine.clock.jump(new Date('2026-03-04T05:06:07.089Z'));
    const { id, createdAt } = await engine.given.product();
    const [row] = await engine.sql<{ stored: string }>(
      engine.internals.database.engine.name === 'sqlite'
        ? `select typeof(created_at) || created_at as stored from products where id = ${id}`
        : `update products set created_at = created_at + interval '0.000123 s' where id = ${id}
           returning to_char(created_at, 'US') as stored`,
    );
    return [createdAt.toISOString(), row?.stored];
  });
  const moment = '2026-03-04T05:06:07.089Z';
  expect(kept).toEqual({
    sqlite: [moment, `integer${Date.parse(moment)}`],
    postgres: [moment, '089000'],
  });
});

test('a broken constraint is named by Postgres and only described in memory', async () => {
  const seen = await onBoth((database) => {
    const now = database.engine.name === 'sqlite' ? 0 : new Date(0);
    const insert = `insert into users (name, external_id, created_at, updated_at) values ('a', 'same', ?, ?)`;
    const em = database.fork();
    return outcomeOf(em.execute(insert, [now, now]).then(() => em.execute(insert, [now, now])));
  });
  expect(seen.sqlite).toContain('users.external_id');
  expect(seen.postgres).toMatch(/unique constraint "\w+"/);
});

test('a statement that fails ends the transaction on Postgres, and in memory the transaction goes on', async () => {
  const seen = await onBoth(async (database) => {
    let next = '';
    const transaction = database.fork().transactional(async (em) => {
      await outcomeOf(em.execute('select no_such_column from users'));
      next = await outcomeOf(em.execute('select 1'));
    });
    return { transaction: await outcomeOf(transaction), next };
  });
  expect(seen.sqlite).toEqual({ transaction: 'done', next: 'done' });
  expect(seen.postgres.transaction).toContain('rolled back');
  expect(seen.postgres.next).toContain('current transaction is aborted');
});
