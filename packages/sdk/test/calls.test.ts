import { TRPCClientError } from '@trpc/client';
import { expect, test } from 'vitest';
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

test('calls of one tick travel together, at most ten in a request', async () => {
  const server = await startServer();
  const { admin } = server;
  const products = await Promise.all(
    Array.from({ length: 12 }, (_, index) => admin.products.create({ name: `Pot ${index}`, price: 1 })),
  );
  expect(new Set(products.map(({ id }) => id)).size).toBe(12);
  expect(server.requests.map(({ url }) => url.split('products.create').length - 1)).toEqual([10, 2]);
});

test('one wrong call in a batch fails alone, also when it cannot be written as JSON', async () => {
  const server = await startServer();
  const { admin } = server;
  const circular: { name: string; price: number; self?: object } = { name: 'Loop', price: 1 };
  circular.self = circular;
  const [pot, missing, loop] = await Promise.allSettled([
    admin.products.create({ name: 'Pot', price: 1 }),
    admin.products.update({ productId: 999, name: 'Nothing' }),
    admin.products.create(circular),
  ]);
  expect(pot).toMatchObject({ status: 'fulfilled', value: { name: 'Pot' } });
  expect(missing).toMatchObject({ status: 'rejected', reason: { reason: 'PRODUCT_NOT_FOUND' } });
  expect(loop).toMatchObject({ status: 'rejected', reason: { reason: 'INPUT_INVALID', retryable: false } });
  expect(server.requests).toHaveLength(1);
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
