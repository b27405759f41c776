import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { joinShop, openShop } from './shop.ts';

test('migrating an empty database leaves no difference between the migrations and the entities', async () => {
  const { database } = await openShop();

  expect(await database.schemaDifference()).toBe('');
});

test('migrating again changes nothing', async () => {
  const shop = await openShop();
  await shop.givenProduct(1);
  const before = await shop.everyRow();

  await shop.database.migrate();

  expect(await shop.everyRow()).toEqual(before);
});

test('a migration that is not on record is run', async () => {
  const { database } = await openShop();
  await database.fork().execute('delete from mikro_orm_migrations');

  await expect(database.migrate()).rejects.toThrow(/already exists/);
});

test('a database that is up to date is asked for its record and for nothing else', async () => {
  const { url } = await openShop();
  const statements: string[] = [];
  const database = await openDatabase(url, {
    interceptor: ({ sql, send }) => {
      statements.push(sql);
      return send();
    },
  });
  onTestFinished(() => database.close());
  await database.migrate();
  statements.length = 0;

  await database.migrate();

  expect(statements).toEqual(['select name from mikro_orm_migrations']);
});

test('a database that answers is reachable, and one that is not there is not', async () => {
  const { database } = await openShop();

  expect(await database.isReachable()).toBe(true);
  const { database: nowhere } = await joinShop('postgres://nobody@127.0.0.1:1/nowhere');
  expect(await nowhere.isReachable()).toBe(false);
});
