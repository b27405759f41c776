import { createTestEngine } from '@baguni/testing';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { Server } from '../../src/server.ts';
import { BODY_BYTES_MAX, BULK_BODY_BYTES_MAX } from '../../src/wire.ts';

const PAGE = z.object({ items: z.array(z.object({ id: z.int() })), nextCursor: z.string().nullable() });

async function openServer() {
  const engine = await createTestEngine();
  onTestFinished(() => engine.close());
  const url = await engine.listen();
  const admin = { authorization: `Bearer ${await engine.tokenOf('admin')}` };
  return { engine, url, admin, json: { ...admin, 'content-type': 'application/json' } };
}

test('whatever is no call of an operation gets a problem document', async () => {
  const { url, engine, json } = await openServer();
  const body = '{}';
  const refused: [string, RequestInit, number, string][] = [
    ['/api/nothing', {}, 404, 'PROCEDURE_NOT_FOUND'],
    ['/api/products/', {}, 404, 'PROCEDURE_NOT_FOUND'],
    ['/api/products', { method: 'DELETE' }, 405, 'METHOD_NOT_SUPPORTED'],
    ['/api/products/%E0%A4%A', {}, 400, 'INPUT_INVALID'],
    ['/api/products?limit=1&limit=2', {}, 400, 'INPUT_INVALID'],
    ['/api/products?limit=0x10', {}, 400, 'INPUT_INVALID'],
    ['/api/products?inStock=yes', {}, 400, 'INPUT_INVALID'],
    ['/api/audit?deep=true', { headers: json }, 400, 'INPUT_INVALID'],
    ['/api/products?search=a?b&limit=nonsense', {}, 400, 'INPUT_INVALID'],
    ['/api/products?name=Tea', { method: 'POST', headers: json, body }, 400, 'INPUT_INVALID'],
    ['/api/products', { method: 'POST', headers: json, body: '[]' }, 400, 'INPUT_INVALID'],
    ['/api/products', { method: 'POST', headers: json, body: '{' }, 400, 'INPUT_INVALID'],
    ['/api/products', { method: 'POST', headers: json, body: '{"idempotencyKey":"a"}' }, 400, 'INPUT_INVALID'],
    ['/api/products/1', { method: 'PATCH', headers: json, body: '{"productId":2}' }, 400, 'INPUT_INVALID'],
    [
      '/api/products',
      { method: 'POST', headers: { ...json, 'content-type': 'text/plain' }, body },
      415,
      'MEDIA_TYPE_NOT_SUPPORTED',
    ],
    ['/api/products', { headers: { authorization: 'Bearer nobody' } }, 401, 'UNAUTHENTICATED'],
    [
      '/api/products',
      { method: 'POST', headers: json, body: 'x'.repeat(BODY_BYTES_MAX + 1) },
      413,
      'REQUEST_TOO_LARGE',
    ],
  ];
  const hosts = [
    (path: string, init: RequestInit) => fetch(url + path, init),
    (path: string, init: RequestInit) => engine.fetch(`http://engine.test${path}`, init),
  ];
  for (const [path, init, status, reason] of refused) {
    for (const send of hosts) {
      const response = await send(path, init);
      const requestId = response.headers.get('x-request-id');
      const text = await response.text();
      expect(response.status, `${path} ${text}`).toBe(status);
      expect(response.headers.get('content-type'), path).toBe('application/problem+json');
      expect(JSON.parse(text), path).toMatchObject({ status, reason, requestId, type: `urn:baguni:reason:${reason}` });
      if (status === 405) expect(response.headers.get('allow')).toBe('POST, GET');
    }
  }
});

test('a field that is wrong is named', async () => {
  const { url } = await openServer();
  const response = await fetch(`${url}/api/products?limit=many`);
  expect(await response.json()).toMatchObject({ details: { issues: [{ path: 'limit' }] } });
});

test('a body where the query is meant is refused, so that no expected version is lost', async () => {
  const { engine, url } = await openServer();
  const user = await engine.given.user();
  const { id } = await engine.given.product();
  await engine.customer(user).cart.addItem({ productId: id, quantity: 1 });
  const headers = { authorization: `Bearer ${await engine.tokenOf(user)}`, 'content-type': 'application/json' };
  const body = '{"expectedVersion":9}';
  const misplaced = await fetch(`${url}/api/cart/items/${id}`, { method: 'DELETE', headers, body });
  expect(misplaced.status).toBe(400);
  const late = await fetch(`${url}/api/cart/items/${id}?expectedVersion=9`, { method: 'DELETE', headers });
  expect(await late.json()).toMatchObject({ status: 409, reason: 'VERSION_CONFLICT' });
});

test('an operation on many rows takes a larger body, of an admin', async () => {
  const { url, json } = await openServer();
  const send = (path: string, bytes: number, headers: Record<string, string> = json) =>
    fetch(`${url}/api/products${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ padding: 'x'.repeat(bytes) }),
    });
  expect((await send('', BODY_BYTES_MAX)).status).toBe(413);
  expect((await send('/bulk', BODY_BYTES_MAX)).status).toBe(400);
  expect((await send('/stock-adjustments', BODY_BYTES_MAX)).status).toBe(400);
  expect((await send('/bulk', BULK_BODY_BYTES_MAX)).status).toBe(413);
  expect((await send('/bulk', BODY_BYTES_MAX, { 'content-type': 'application/json' })).status).toBe(413);
});

test('the header Link leads through a list', async () => {
  const { engine, url } = await openServer();
  for (let count = 0; count < 5; count++) await engine.given.product();
  const ids: number[] = [];
  for (let path: string | undefined = '/api/products?limit=2&sort=priceAsc'; path; ) {
    const response: Response = await fetch(url + path);
    const { items, nextCursor } = PAGE.parse(await response.json());
    for (const { id } of items) ids.push(id);
    path = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    expect(path === undefined).toBe(nextCursor === null);
  }
  expect(ids.toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test('a stream tells what happens, and goes on after the last event that came', async () => {
  const { engine, url } = await openServer();
  const user = await engine.given.user();
  const product = await engine.given.product({ quantity: 10 });
  const headers = { authorization: `Bearer ${await engine.tokenOf(user)}` };
  await engine.customer(user).orders.place({ items: [{ productId: product.id, quantity: 1 }] });
  const first = await read(`${url}/api/orders/stream?after=0`, headers, 'order.placed');
  expect(first.type).toBe('text/event-stream');
  expect(JSON.parse(/^data: (.*)$/m.exec(first.text)?.[1] ?? '')).toMatchObject({ type: 'order.placed' });
  const lastId = [...first.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
  await engine.customer(user).orders.cancel({ orderId: 1 });
  const second = await read(`${url}/api/orders/stream`, { ...headers, 'last-event-id': lastId }, 'order.cancelled');
  expect(second.text).not.toContain('order.placed');
  const refused = await fetch(`${url}/api/orders/stream?orderId=99`, { headers });
  expect(await refused.json()).toMatchObject({ reason: 'ORDER_NOT_FOUND' });
});

/** What a stream says up to a word. */
async function read(
  url: string,
  headers: Record<string, string>,
  upTo: string,
): Promise<{ type: string | null; text: string }> {
  const response = await fetch(url, { headers });
  let text = '';
  if (!response.body) throw new Error('The stream has no body.');
  for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    if (text.includes(upTo)) break;
  }
  return { type: response.headers.get('content-type'), text };
}

test('an order is placed once, however often it is sent under one key', async () => {
  const { engine, url } = await openServer();
  const user = await engine.given.user();
  const product = await engine.given.product({ quantity: 10 });
  const headers = {
    authorization: `Bearer ${await engine.tokenOf(user)}`,
    'content-type': 'application/json',
    'idempotency-key': 'order-1',
  };
  const body = JSON.stringify({ items: [{ productId: product.id, quantity: 2 }] });
  const send = async () => (await fetch(`${url}/api/orders`, { method: 'POST', headers, body })).text();
  const answers = await Promise.all([send(), send(), send()]);
  expect(new Set(answers).size).toBe(1);
  expect(await engine.admin.products.get({ productId: product.id })).toMatchObject({ quantity: 8 });
});

test('the reference page and all that it loads come from this server', async () => {
  const { url } = await openServer();
  const page = await fetch(`${url}/docs`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, place = '']) => new URL(place, page.url));
  expect(loaded.length).toBeGreaterThan(3);
  for (const { protocol, origin, href } of loaded) {
    if (protocol === 'data:') continue;
    expect(origin).toBe(url);
    const asset = await fetch(href);
    expect(asset.status, href).toBe(200);
    const text = await asset.text();
    if (href.endsWith('.css')) expect(text).not.toMatch(/@import|url\(["']?(https?:)?\/\//);
    if (href.endsWith('/reference.js')) expect(text).not.toMatch(/https?:/);
  }
});

test('a server that is told to hides its description and the page', async () => {
  const { engine } = await openServer();
  const server = new Server(engine.internals, false, { docs: false });
  onTestFinished(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  expect((await fetch(`${url}/docs`)).status).toBe(404);
  expect((await fetch(`${url}/openapi.json`)).status).toBe(404);
  expect((await fetch(`${url}/api/products`)).status).toBe(200);
});

test('a refusal under overload says when to come again', async () => {
  const { engine } = await openServer();
  const server = new Server(engine.internals, false, { inFlightMax: 0 });
  onTestFinished(() => server.close());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(`${url}/api/products`);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({ reason: 'OVERLOADED', retryable: true });
});

test('an error inside the server leaves nothing but the id under which it is logged', async () => {
  const engine = await createTestEngine({ auditOnClose: false });
  onTestFinished(() => engine.close());
  await engine.sql('drop table products');
  const response = await engine.fetch('http://engine.test/api/products');
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toMatch(/sqlite|select|no such table/i);
  expect(JSON.parse(text)).toMatchObject({ reason: 'INTERNAL', requestId: response.headers.get('x-request-id') });
  expect(engine.internalErrors).toHaveLength(1);
});
