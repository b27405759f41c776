import { inspect } from 'node:util';
import { TRPCClientError } from '@trpc/client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BaguniError, isBaguniError } from '../src/index.ts';
import { createTrpcClient } from '../src/trpc.ts';
import { startServer, URL } from './shop.ts';

test('a call is a function that answers with Dates', async () => {
  const server = await startServer();
  const product = await server.admin.products.create({ name: 'Pot', price: 1_000, quantity: 2 });
  expect(product).toMatchObject({ name: 'Pot', price: 1_000, quantity: 2, version: 1 });
  expect(product.createdAt).toBeInstanceOf(Date);
  expect(await server.client().products.get({ productId: product.id })).toEqual(product);
});

test('a Date in the input arrives', async () => {
  const server = await startServer();
  const expiresAt = new Date('2030-01-01T00:00:00.000Z');
  const coupon = { name: 'Spring', discountType: 'FIXED', discountValue: 500, totalQuantity: 1, expiresAt } as const;
  expect(await server.admin.coupons.create(coupon)).toMatchObject({ expiresAt });
});

test('a refusal is a BaguniError with its details, as values', async () => {
  const server = await startServer();
  const { shop } = await server.customer();
  const product = await server.admin.products.create({ name: 'Pot', price: 1_000, quantity: 2 });
  const error = await shop.orders
    .place({ items: [{ productId: product.id, quantity: 3 }] })
    .catch((error: unknown) => error);
  if (!isBaguniError(error, 'STOCK_INSUFFICIENT')) throw error;
  expect(error.details).toEqual({ productId: product.id, requested: 3, available: 2 });
  expect(error).toMatchObject({ name: 'BaguniError', retryable: false, requestId: 'request-1' });
  expect(error.idempotencyKey).toMatch(/^[\da-f-]{36}$/);
  expect(isBaguniError(error)).toBe(true);
  expect(isBaguniError(error, 'COUPON_EXPIRED')).toBe(false);
  expect(isBaguniError(error, 'COUPON_EXPIRED', 'STOCK_INSUFFICIENT')).toBe(true);
  expect(isBaguniError(new Error('another'))).toBe(false);
});

test('a Date in the details of a refusal is a Date', async () => {
  const server = await startServer();
  const startsAt = new Date('2099-01-01T00:00:00.000Z');
  const { id: couponId } = await server.admin.coupons.create({
    name: 'Later',
    discountType: 'FIXED',
    discountValue: 500,
    totalQuantity: 1,
    startsAt,
  });
  const { shop } = await server.customer();
  await expect(shop.coupons.claim({ couponId })).rejects.toMatchObject({
    reason: 'COUPON_NOT_STARTED',
    details: { startsAt },
  });
});

test('queries of one tick travel together, at most ten in a request', async () => {
  const server = await startServer();
  const { id: productId } = await server.admin.products.create({ name: 'Pot', price: 1 });
  server.meets();
  const shop = server.client();
  const pots = await Promise.all(Array.from({ length: 12 }, () => shop.products.get({ productId })));
  expect(new Set(pots.map(({ id }) => id))).toEqual(new Set([productId]));
  expect(server.requests.map(({ url }) => url.split('products.get').length - 1)).toEqual([10, 2]);
});

test('a client that is told so sends each query by itself', async () => {
  const server = await startServer();
  const shop = server.client({ batch: false });
  await Promise.all([shop.products.list(), shop.coupons.list()]);
  expect(server.requests.map(({ url }) => new globalThis.URL(url).pathname)).toEqual([
    '/trpc/products.list',
    '/trpc/coupons.list',
  ]);
});

test('a mutation waits for nobody: each travels by itself', async () => {
  const server = await startServer();
  const open = Promise.withResolvers<void>();
  server.meets(async ({ url, init }, serve) => {
    await open.promise;
    return serve(url, init);
  });
  const { admin } = server;
  const slow = admin.products.create({ name: 'Slow', price: 1 });
  expect(await admin.products.create({ name: 'Quick', price: 1 })).toMatchObject({ name: 'Quick' });
  expect((await admin.products.list().page()).items).toMatchObject([{ name: 'Quick' }]);
  open.resolve();
  expect(await slow).toMatchObject({ name: 'Slow' });
});

test('one wrong call in a batch fails alone', async () => {
  const server = await startServer();
  const { id: productId } = await server.admin.products.create({ name: 'Pot', price: 1 });
  server.meets();
  const shop = server.client();
  const [pot, missing] = await Promise.allSettled([
    shop.products.get({ productId }).withResponse(),
    shop.products.get({ productId: 999 }),
  ]);
  expect(pot).toMatchObject({ status: 'fulfilled', value: { data: { name: 'Pot' }, status: 200 } });
  expect(missing).toMatchObject({ status: 'rejected', reason: { reason: 'PRODUCT_NOT_FOUND' } });
  expect(server.requests).toHaveLength(1);
});

test('an abort takes its call out of a batch and leaves the others', async () => {
  const server = await startServer();
  const open = Promise.withResolvers<void>();
  server.meets(async ({ url, init }, serve) => {
    await open.promise;
    return serve(url, init);
  });
  const shop = server.client();
  const controller = new AbortController();
  const given = shop.products.list(undefined, { signal: controller.signal }).page();
  const kept = shop.products.list().page();
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  await expect(given).rejects.toMatchObject({ reason: 'ABORTED' });
  expect(server.requests[0]?.init.signal?.aborted).toBe(false);
  open.resolve();
  expect(await kept).toMatchObject({ items: [] });
});

test('an input that cannot be written as JSON is refused before it is sent', async () => {
  const server = await startServer();
  const circular: { name: string; price: number; self?: object } = { name: 'Loop', price: 1 };
  circular.self = circular;
  await expect(server.admin.products.create(circular)).rejects.toMatchObject({
    reason: 'INPUT_INVALID',
    retryable: false,
  });
  expect(server.requests).toHaveLength(0);
});

test('an answer tells what came along with it', async () => {
  const server = await startServer();
  const call = server.admin.products.create({ name: 'Pot', price: 1 }, { idempotencyKey: 'mine' });
  expect(await call.withResponse()).toEqual({
    data: await call,
    requestId: 'request-1',
    idempotencyKey: 'mine',
    status: 200,
    attempts: 1,
    durationMs: 0,
  });
  const { data, idempotencyKey } = await server.client().products.list().page().withResponse();
  expect(data.items).toEqual([await call]);
  expect(idempotencyKey).toBeUndefined();
});

test('a failure that is heard of from the response is not forgotten', async () => {
  const server = await startServer();
  const forgotten: unknown[] = [];
  const onForgotten = (reason: unknown) => forgotten.push(reason);
  process.on('unhandledRejection', onForgotten);
  onTestFinished(() => void process.off('unhandledRejection', onForgotten));
  await expect(server.client().users.me().withResponse()).rejects.toMatchObject({
    reason: 'UNAUTHENTICATED',
    requestId: 'request-1',
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(forgotten).toEqual([]);
});

test('the token is a string or a function that is asked before each request', async () => {
  const server = await startServer();
  const tokens = ['bgn_wrong', undefined];
  const shop = server.client({ token: async () => tokens.shift() });
  await expect(shop.users.me()).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', requestId: expect.any(String) });
  await expect(shop.users.me()).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  const sent = server.requests.map(({ init }) => new Headers(init.headers).get('authorization'));
  expect(sent).toEqual(['Bearer bgn_wrong', null]);
});

test('a token function that fails sends nothing', async () => {
  const server = await startServer();
  const cause = new Error('signed out');
  const shop = server.client({ token: () => Promise.reject(cause) });
  await expect(shop.orders.place()).rejects.toMatchObject({ reason: 'TOKEN_UNAVAILABLE', cause });
  expect(server.requests).toHaveLength(0);
});

test.each(['bgn_secret\nvalue', 'bgn_secret\u0001', 'bgn_secret비밀', 'bgn_\0secret'])(
  'a token that no header can carry sends nothing and is not quoted: %j',
  async (token) => {
    const server = await startServer();
    const onResponse = vi.fn();
    const shop = server.client({ token, hooks: [{ onResponse }] });
    const calls = [
      () => shop.products.list().page(),
      () => shop.orders.place(),
      () => shop.events.stream({})[Symbol.asyncIterator]().next(),
    ];
    for (const call of calls) {
      const error = await call().catch((error: unknown) => error);
      expect(error).toMatchObject({ reason: 'TOKEN_UNAVAILABLE', retryable: false });
      expect(inspect(error, { depth: 5 })).not.toContain('secret');
    }
    expect(server.requests).toHaveLength(0);
    expect(onResponse).toHaveBeenCalledTimes(2);
    expect(inspect(onResponse.mock.calls, { depth: 5 })).not.toContain('secret');
  },
);

test('the line break at the end of a token file is no part of the token', async () => {
  const server = await startServer();
  expect(await server.client({ token: `${server.adminKey}\n` }).users.list()).toMatchObject({ items: [] });
});

test('a base URL may end with a slash and have a path', async () => {
  const server = await startServer();
  server.meets(async () => Response.json([{ result: { data: { json: { clean: true } } } }]));
  await server.client({ url: `${URL}/shop/` }).audit.verify();
  expect(server.requests[0]?.url).toMatch(/^http:\/\/shop\.test\/shop\/trpc\/audit\.verify\?batch=1/);
});

test('the raw tRPC client has the same keys and errors', async () => {
  const server = await startServer();
  const trpc = createTrpcClient({ url: URL, fetch: server.fetch, token: server.adminKey });
  const product = await trpc.products.create.mutate({ name: 'Pot', price: 1 });
  expect(await trpc.products.get.query({ productId: product.id })).toEqual(product);
  expect(server.requests[0]?.init.body).toMatch(/"idempotencyKey":"[\da-f-]{36}"/);
  const error = await trpc.products.get.query({ productId: 999 }).catch((error: unknown) => error);
  if (!(error instanceof TRPCClientError)) throw error;
  expect(error.data).toMatchObject({ reason: 'PRODUCT_NOT_FOUND' });
  expect(error.cause).toBeInstanceOf(BaguniError);
});
