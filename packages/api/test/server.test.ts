import { openDatabase } from '@baguni/db';
import { createClient } from '@baguni/sdk';
import { expect, onTestFinished, test, vi } from 'vitest';
import { acceptApiKey, hashApiKey, openShop, type Shop, shopOn, signCustomerToken } from '../src/index.ts';
import { Server, type ServerOptions } from '../src/server.ts';
import { BODY_BYTES_MAX, BULK_BODY_BYTES_MAX } from '../src/wire.ts';

const ADMIN_KEY = 'bgn_the-admin-key-of-the-server-tests-is-this';
const TOKENS = { secret: 'a secret for the server tests' };

async function openServer() {
  return serve(await openShop({ databaseUrl: 'sqlite::memory:', tokens: TOKENS }));
}

async function serve(shop: Shop, options: ServerOptions = {}) {
  const server = new Server(shop, false, options);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    await shop.close();
  });
  return { url, shop, server };
}

test('the server is healthy and ready while its database answers', async () => {
  const { url } = await openServer();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a server whose database does not answer is healthy but not ready', async () => {
  const { url } = await serve(shopOn(await openDatabase('postgres://nobody@127.0.0.1:1/nowhere'), { tokens: TOKENS }));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
});

test('the client reads a list over the network', async () => {
  const { url } = await openServer();
  expect(await createClient({ url }).products.list()).toEqual({ items: [], nextCursor: null });
});

test('whatever is no call of a procedure gets a refusal of the one shape', async () => {
  const { url } = await openServer();
  const json = { 'content-type': 'application/json' };
  const body = '{}';
  const refused: [string, RequestInit, number, string][] = [
    ['/', {}, 404, 'PROCEDURE_NOT_FOUND'],
    ['/trpc/no.such', {}, 404, 'PROCEDURE_NOT_FOUND'],
    ['/trpc/constructor', {}, 404, 'PROCEDURE_NOT_FOUND'],
    ['/trpc/products.list', { method: 'DELETE' }, 404, 'PROCEDURE_NOT_FOUND'],
    ['/trpc/cart.addItem', {}, 405, 'METHOD_NOT_SUPPORTED'],
    [
      '/trpc/cart.addItem',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body },
      415,
      'MEDIA_TYPE_NOT_SUPPORTED',
    ],
    ['/trpc/cart.addItem', { method: 'POST', body: new FormData() }, 415, 'MEDIA_TYPE_NOT_SUPPORTED'],
    [
      '/trpc/cart.addItem',
      { method: 'POST', headers: json, body: 'x'.repeat(BODY_BYTES_MAX + 1) },
      413,
      'REQUEST_TOO_LARGE',
    ],
    ['/trpc/%E0%A4%A', {}, 400, 'INPUT_INVALID'],
  ];
  for (const [path, request, status, reason] of refused) {
    const response = await fetch(url + path, request);
    const text = await response.text();
    expect(response.status, `${path} ${text}`).toBe(status);
    expect(JSON.parse(text), path).toMatchObject({ error: { json: { data: { reason, httpStatus: status } } } });
    expect(response.headers.get('x-request-id'), path).toBeTruthy();
    expect(text).not.toMatch(/stack|node_modules|\.ts:/);
  }
});

test('an admin may send more to a call that changes many rows, and nobody else', async () => {
  const { url, shop } = await openServer();
  const input = { name: 'server test', hash: hashApiKey(ADMIN_KEY) };
  await shop.unitOfWork.execute(acceptApiKey, { input, actor: { kind: 'system' } });
  const send = async (path: string, bytes: number, token?: string) => {
    const { status } = await fetch(`${url}/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ padding: 'x'.repeat(bytes) }),
    });
    return status;
  };
  expect(await send('products.create', BODY_BYTES_MAX, ADMIN_KEY)).toBe(413);
  expect(await send('products.createMany', BODY_BYTES_MAX, ADMIN_KEY)).toBe(400);
  expect(await send('products.adjustStocks,products.create?batch=1', BODY_BYTES_MAX, ADMIN_KEY)).toBe(400);
  expect(await send('products.createMany', BULK_BODY_BYTES_MAX, ADMIN_KEY)).toBe(413);
  expect(await send('products.createMany', BODY_BYTES_MAX)).toBe(413);
  expect(await send('products.createMany', BODY_BYTES_MAX, 'bgn_nobody')).toBe(401);
  const user = await createClient({ url, token: ADMIN_KEY }).users.create({ name: 'Kim Minji' });
  const customer = await signCustomerToken(user.id, TOKENS.secret, new Date(Date.now() + 60_000));
  expect(await send('products.createMany', BODY_BYTES_MAX, customer)).toBe(413);
});

test('an error inside the server leaves nothing but the id under which it is logged', async () => {
  const { url, shop } = await openServer();
  await shop.database.fork().execute('drop table products');
  const response = await fetch(`${url}/trpc/products.list`);
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toMatch(/sqlite|select|no such table/i);
  expect(JSON.parse(text)).toMatchObject({
    error: { json: { data: { reason: 'INTERNAL', requestId: response.headers.get('x-request-id') } } },
  });
});

test('a server that has as much to do as it can refuses more at once, and goes on when it is done', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = { count: 0 };
  const database = await openDatabase('sqlite::memory:', {
    interceptor: async (statement) => {
      if (statement.sql.includes('from "coupons"')) {
        held.count += 1;
        await released;
      }
      return statement.send();
    },
  });
  await database.migrate();
  const { url } = await serve(shopOn(database, { tokens: TOKENS }), { inFlightMax: 2 });
  const jsonl = { headers: { 'trpc-accept': 'application/jsonl' } };
  const slow = [fetch(`${url}/trpc/coupons.list`), fetch(`${url}/trpc/coupons.list,coupons.list?batch=1`, jsonl)];
  // The third of their statements waits for the one connection; both requests are under way by then.
  await vi.waitUntil(() => held.count > 0);
  const refused = await vi.waitUntil(async () => {
    const response = await fetch(`${url}/trpc/products.list`, { headers: { authorization: 'Bearer no token' } });
    return response.status === 503 && response;
  });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await refused.json()).toMatchObject({
    error: {
      json: { data: { reason: 'OVERLOADED', retryable: true, requestId: refused.headers.get('x-request-id') } },
    },
  });
  expect((await fetch(`${url}/webhooks/test`, { method: 'POST' })).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  release();
  for (const answer of slow) expect((await answer).status).toBe(200);
  expect((await fetch(`${url}/trpc/products.list`)).status).toBe(200);
});

test('a request that is under way when the server closes is answered', async () => {
  const { url, server } = await openServer();
  const answers = Promise.all(Array.from({ length: 5 }, () => fetch(`${url}/trpc/products.list`)));
  await Promise.race([answers, fetch(`${url}/healthz`)]);
  await server.close();
  for (const { status } of await answers) expect([200, 503]).toContain(status);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('a page that may call can read that the server is full, and so can whoever calls without a page', async () => {
  const page = { origin: 'https://shop.example' };
  const shop = await openShop({ databaseUrl: 'sqlite::memory:', tokens: TOKENS });
  const { url } = await serve(shop, { inFlightMax: 0, corsOrigins: [page.origin] });
  for (const headers of [page, {}]) {
    const refused = await fetch(`${url}/trpc/products.list`, { headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('access-control-allow-origin')).toBe('origin' in headers ? page.origin : null);
    const requestId = refused.headers.get('x-request-id');
    const shape = { message: 'The server has as much to do as it can.', code: -32603 };
    const data = { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'OVERLOADED', requestId };
    expect(await refused.json()).toMatchObject({ error: { json: { ...shape, data } } });
  }
});
