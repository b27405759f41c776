import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase, openDatabaseFrom, Product, UnitOfWork } from '../src/index.ts';
import { addProduct } from './commands.ts';

const actor = { kind: 'system' } as const;

function closing(database: Database): Database {
  onTestFinished(() => database.close());
  return database;
}

function addTo(database: Database, name: string) {
  return new UnitOfWork(database).execute(addProduct, { input: { name, quantity: 1 }, actor });
}

async function namesIn(database: Database): Promise<string[]> {
  return (await database.fork().find(Product, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name);
}

test('a database made from the bytes of another begins as that one was, and goes its own way', async () => {
  const first = closing(await openDatabase('sqlite::memory:'));
  await first.migrate();
  await addTo(first, 'Tea');
  const bytes = await first.bytes();
  await addTo(first, 'Honey');

  const second = closing(await openDatabaseFrom(bytes));
  const third = closing(await openDatabaseFrom(bytes));
  await addTo(second, 'Rice');

  expect(await namesIn(first)).toEqual(['Tea', 'Honey']);
  expect(await namesIn(second)).toEqual(['Tea', 'Rice']);
  expect(await namesIn(third)).toEqual(['Tea']);
});

test('two databases in memory know nothing of each other', async () => {
  const one = closing(await openDatabase('sqlite::memory:'));
  const other = closing(await openDatabase('sqlite::memory:'));
  await one.migrate();
  await other.migrate();
  await addTo(one, 'Tea');
  expect(await namesIn(other)).toEqual([]);
});
