import { expect, test } from 'vitest';
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

test('a database that answers is reachable, and one that is not there is not', async () => {
  const { database } = await openShop();

  expect(await database.isReachable()).toBe(true);
  const { database: nowhere } = await joinShop('postgres://nobody@127.0.0.1:1/nowhere');
  expect(await nowhere.isReachable()).toBe(false);
});
