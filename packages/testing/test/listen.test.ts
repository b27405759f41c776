import { createServer, type Server } from 'node:net';
import { createClient } from '@baguni/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { createTestEngine, type TestEngineOptions } from '../src/index.ts';

const PAGE = 'http://localhost:5173';

async function openEngine(options: TestEngineOptions = {}) {
  const engine = await createTestEngine(options);
  onTestFinished(() => engine.close());
  return engine;
}

test('an engine on a port is the same engine: the same shop, and the same clock', async () => {
  const engine = await openEngine();
  const url = await engine.listen();
  const user = await engine.given.user();
  const product = await engine.given.product();
  const shop = createClient({ url, token: await engine.tokenOf(user) });
  await engine.clock.advance({ days: 1 });
  const order = await shop.orders.place({ items: [{ productId: product.id, quantity: 1 }] });
  expect(order.createdAt).toEqual(engine.clock.now());
  expect(await engine.customer(user).orders.get({ orderId: order.id })).toMatchObject({ status: 'WAITING' });
  await engine.clock.advance({ minutes: 15 });
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'CANCELLED' });
});

test('an engine that goes back to what it was is found at the address that it had', async () => {
  const engine = await openEngine();
  const url = await engine.listen();
  const empty = await engine.snapshot();
  await engine.given.product();
  await engine.restore(empty);
  expect((await createClient({ url }).products.list()).items).toEqual([]);
  await engine.given.product();
  expect((await createClient({ url }).products.list()).items).toHaveLength(1);
});

test('an engine that goes back to what it was has its port all the while', async () => {
  const engine = await openEngine();
  const { port } = new URL(await engine.listen());
  const empty = await engine.snapshot();
  let isBack = false;
  const restored = engine.restore(empty).finally(() => {
    isBack = true;
  });
  const others: Server[] = [];
  // Another program would take the port if it were free for a moment.
  while (!isBack && others.length === 0) {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.once('error', () => resolve());
      other.listen({ host: '127.0.0.1', port: Number(port) }, () => {
        others.push(other);
        resolve();
      });
    });
  }
  const [outcome] = await Promise.allSettled([restored]);
  for (const other of others) other.close();
  expect(others).toHaveLength(0);
  expect(outcome).toMatchObject({ status: 'fulfilled' });
});

test('an engine that goes back first finishes the requests under way', async () => {
  const engine = await openEngine();
  const url = await engine.listen();
  const { id: userId } = await engine.given.user();
  const admin = createClient({ url, token: await engine.tokenOf('admin') });
  const before = await engine.snapshot();
  const fault = engine.faults.slowCommit();
  const charged = admin.points.charge({ userId, amount: 1 });
  await fault.reached;

  const restored = engine.restore(before);
  fault.release();

  expect(await charged).toMatchObject({ balanceAfter: 1 });
  await restored;
  expect(await admin.points.balance({ userId })).toMatchObject({ balance: 0 });
});

test('what fails inside is kept in the engine also if it was called through the port', async () => {
  const engine = await openEngine();
  const url = await engine.listen();
  await engine.sql('alter table products rename to things');
  await expect(createClient({ url }).products.list()).rejects.toMatchObject({ reason: 'INTERNAL' });
  expect(engine.internalErrors).toHaveLength(1);
  await engine.sql('alter table things rename to products');
});

test('a port meets the faults of the database and a full queue, and none of the wire', async () => {
  const engine = await openEngine({ transactions: { retryPauseMsMax: 0 } });
  const { id: userId } = await engine.given.user();
  const admin = createClient({
    url: await engine.listen(),
    token: await engine.tokenOf('admin'),
    retryDelay: () => 0,
  });
  const met = [engine.faults.commitFails({ on: 'points.charge' }), engine.faults.overloaded()];
  const ofWire = [engine.faults.requestLost(), engine.faults.answerLost()];
  expect(await admin.points.charge({ userId, amount: 1 })).toMatchObject({ balanceAfter: 1 });
  expect(met.map(({ strikes }) => strikes)).toEqual([1, 1]);
  expect(ofWire.map(({ strikes }) => strikes)).toEqual([0, 0]);
  // They strike where there is no port.
  await engine.admin.points.balance({ userId });
  expect(ofWire.map(({ strikes }) => strikes)).toEqual([1, 1]);
});

test('nobody listens any more at a closed engine', async () => {
  const engine = await openEngine();
  const url = await engine.listen();
  await engine.close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('pages of the origins that are named may call from a browser, and nobody else may', async () => {
  const engine = await openEngine();
  const closed = await engine.listen();
  const open = await engine.listen({ corsOrigins: [PAGE] });
  const ask = (url: string, origin: string) =>
    fetch(`${url}/trpc/products.list`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const asked = await ask(open, PAGE);
  expect(asked.status).toBe(204);
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-headers': 'authorization,content-type',
  });
  const read = await fetch(`${open}/trpc/products.list`, { headers: { origin: PAGE } });
  expect(read.status).toBe(200);
  expect(read.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect(read.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after, link');
  for (const answer of [await ask(open, 'http://elsewhere.test'), await ask(closed, PAGE)]) {
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
});
