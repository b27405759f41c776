import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { connectPostgres } from '@baguni/testing/postgres';
import pg from 'pg';
import { expect, inject, test } from 'vitest';

test('two fresh databases do not see each other’s tables', async () => {
  const [left, right] = await Promise.all([freshDatabaseUrl(), freshDatabaseUrl()]);
  await query(left, 'CREATE TABLE baskets (id int)');

  expect(await tables(left)).toEqual([{ tablename: 'baskets' }]);
  expect(await tables(right)).toEqual([]);
});

test('a database made from a template has its table and its rows', async () => {
  await using server = connectPostgres(inject('postgresUrl'));
  const template = await server.createDatabase();
  await query(template, 'CREATE TABLE baskets (id int)');
  await query(template, 'INSERT INTO baskets VALUES (7)');

  const copy = await server.createDatabase(template);

  expect(await query(copy, 'SELECT id FROM baskets')).toEqual([{ id: 7 }]);
});

test('a dropped database is gone, even while somebody is connected to it', async () => {
  await using server = connectPostgres(inject('postgresUrl'));
  const url = await server.createDatabase();
  const guest = new pg.Client({ connectionString: url });
  guest.on('error', () => undefined);
  await guest.connect();

  await server.dropDatabase(url);

  await expect(query(url, 'SELECT 1')).rejects.toThrow('does not exist');
});

test('a database that no test made is never dropped', async () => {
  await using server = connectPostgres(inject('postgresUrl'));

  await expect(server.dropDatabase(server.url)).rejects.toThrow('was not made by a test');
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function tables(url: string): Promise<unknown[]> {
  return query(url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
}
