import { expect, onTestFinished, test } from 'vitest';
import { lostRequest, proxyAnswer, silence, startServer, type TestServer } from './shop.ts';

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

test('while a page is read, from its second item on, the next one is already on its way', async () => {
  const server = await withProducts(5);
  const seen: [string, number][] = [];
  for await (const { name } of server.client().products.list({ limit: 3 })) {
    if (name === 'Pot 4') await expect.poll(() => server.requests.length).toBe(2);
    seen.push([name, server.requests.length]);
  }
  expect(seen).toEqual([
    ['Pot 5', 1],
    ['Pot 4', 2],
    ['Pot 3', 2],
    ['Pot 2', 2],
    ['Pot 1', 2],
  ]);
});

test('a loop that is left at its first item asks for no further page', async () => {
  const server = await withProducts(5);
  for await (const product of server.client().products.list({ limit: 2 })) if (product.name === 'Pot 5') break;
  expect(server.requests).toHaveLength(1);
});

test('a loop that is left gives up the page that is on its way, and nothing is forgotten', async () => {
  const server = await withProducts(5);
  const forgotten: unknown[] = [];
  const onForgotten = (reason: unknown) => forgotten.push(reason);
  process.on('unhandledRejection', onForgotten);
  onTestFinished(() => void process.off('unhandledRejection', onForgotten));
  server.meets(undefined, silence);
  for await (const product of server.client().products.list({ limit: 2 })) {
    if (product.name !== 'Pot 4') continue;
    await expect.poll(() => server.requests.length).toBe(2);
    break;
  }
  expect(server.requests[1]?.init.signal?.aborted).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.timing.pending).toBe(0);
  expect(forgotten).toEqual([]);
});

test('a page that fails on its way ahead is told when the loop gets there', async () => {
  const server = await withProducts(5);
  server.meets(undefined, proxyAnswer(404));
  const names: string[] = [];
  const reading = (async () => {
    for await (const { name } of server.client().products.list({ limit: 2 })) names.push(name);
  })();
  await expect(reading).rejects.toMatchObject({ reason: 'ANSWER_UNREADABLE' });
  expect(names).toEqual(['Pot 5', 'Pot 4']);
});

test('the signal of a list ends its loop', async () => {
  const server = await withProducts(5);
  const controller = new AbortController();
  const items = server.client().products.list({ limit: 1 }, { signal: controller.signal })[Symbol.asyncIterator]();
  expect(await items.next()).toMatchObject({ value: { name: 'Pot 5' } });
  controller.abort();
  await expect(items.next()).rejects.toMatchObject({ reason: 'ABORTED' });
});

test.each([
  [0, [], 0],
  [3, ['Pot 5', 'Pot 4', 'Pot 3'], 2],
  [4, ['Pot 5', 'Pot 4', 'Pot 3', 'Pot 2'], 2],
  [100, ['Pot 5', 'Pot 4', 'Pot 3', 'Pot 2', 'Pot 1'], 3],
])('all items, but no more than %i, come in one array', async (max, names, requests) => {
  const server = await withProducts(5);
  const items = await server.client().products.list({ limit: 2 }).all({ max });
  expect(items.map(({ name }) => name)).toEqual(names);
  expect(server.requests).toHaveLength(requests);
});

test('a page is asked for each time, and tells its request id', async () => {
  const server = await withProducts(2);
  const list = server.client().products.list({ limit: 1 });
  const first = await list.page();
  expect(first.items).toMatchObject([{ name: 'Pot 2' }]);
  expect(await list.page().withResponse()).toMatchObject({ data: first, requestId: 'request-1' });
  expect(server.requests).toHaveLength(2);
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
