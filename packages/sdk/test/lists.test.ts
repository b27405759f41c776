import { expect, test } from 'vitest';
import { lostRequest, startServer, type TestServer } from './shop.ts';

async function withProducts(count: number): Promise<TestServer> {
  const server = await startServer();
  for (let index = 1; index <= count; index++) await server.admin.products.create({ name: `Pot ${index}`, price: 1 });
  server.meets();
  return server;
}

test('a list asks for nothing until it is awaited or iterated', async () => {
  const server = await withProducts(0);
  server.client().products.list();
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toHaveLength(0);
});

test('awaiting a list gives one page', async () => {
  const server = await withProducts(3);
  const shop = server.client();
  const list = shop.products.list({ limit: 2 });
  const page = await list;
  expect(page.items.map(({ name }) => name)).toEqual(['Pot 3', 'Pot 2']);
  expect(await list).toBe(page);
  expect(server.requests).toHaveLength(1);
  const next = await shop.products.list({ limit: 2, cursor: page.nextCursor ?? undefined });
  expect(next).toMatchObject({ items: [{ name: 'Pot 1' }], nextCursor: null });
});

test('iterating over a list gives every item, a page at a time', async () => {
  const server = await withProducts(5);
  const names: string[] = [];
  for await (const product of server.client().products.list({ limit: 2 })) names.push(product.name);
  expect(names).toEqual(['Pot 5', 'Pot 4', 'Pot 3', 'Pot 2', 'Pot 1']);
  expect(server.requests).toHaveLength(3);
});

test('a loop that is left early asks for no further page', async () => {
  const server = await withProducts(5);
  for await (const product of server.client().products.list({ limit: 2 })) if (product.name === 'Pot 4') break;
  expect(server.requests).toHaveLength(1);
});

test('an empty list has no items', async () => {
  const server = await withProducts(0);
  for await (const product of server.client().products.list()) throw new Error(`Unexpected ${product.name}`);
  expect(server.requests).toHaveLength(1);
});

test('a page that is lost on the way is asked for again', async () => {
  const server = await withProducts(3);
  server.meets(undefined, lostRequest);
  const names: string[] = [];
  for await (const product of server.client().products.list({ limit: 2 })) names.push(product.name);
  expect(names).toEqual(['Pot 3', 'Pot 2', 'Pot 1']);
});

test('a list that is refused rejects, awaited or iterated', async () => {
  const server = await withProducts(0);
  const list = server.client().orders.list();
  await expect(list).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  await expect(list[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
});
