import { createClient, type Shop } from '@baguni/sdk';
import { expect, test } from 'vitest';
import { baguniWire } from '../src/calls/baguni.ts';
import { callerOf, type Operation } from '../src/calls/operation.ts';

// What is measured must be what the SDK's users cause, not a wire made up for the measurement.
const ALIKE: [Operation, (shop: Shop) => PromiseLike<unknown>][] = [
  [{ kind: 'browse' }, (shop) => shop.products.list({ limit: 20 })],
  [{ kind: 'read', productId: 3 }, (shop) => shop.products.get({ productId: 3 })],
  [{ kind: 'best-sellers' }, (shop) => shop.products.bestSellers({})],
  [{ kind: 'orders', userId: 7 }, (shop) => shop.orders.list({ limit: 20 })],
  [{ kind: 'all-orders' }, (shop) => shop.orders.search({ limit: 20 })],
  [{ kind: 'history', userId: 7 }, (shop) => shop.points.history({ limit: 20 })],
  [
    { kind: 'add', userId: 7, productId: 3, key: 'key-1' },
    (shop) => shop.cart.addItem({ productId: 3, quantity: 1, idempotencyKey: 'key-1' }),
  ],
  [
    { kind: 'place', userId: 7, productId: 3, key: 'key-1' },
    (shop) => shop.orders.place({ items: [{ productId: 3, quantity: 1 }], idempotencyKey: 'key-1' }),
  ],
  [
    { kind: 'claim', userId: 7, couponId: 3, key: 'key-1', expected: 'issued' },
    (shop) => shop.coupons.claim({ couponId: 3, idempotencyKey: 'key-1' }),
  ],
];

test.each(ALIKE)('the load generator sends %o as the SDK does', async (operation, call) => {
  const sent = await sentBy(call, callerOf(operation) === undefined ? undefined : 'the-token');

  expect(baguniWire.request([operation], () => 'the-token')).toEqual(sent);
});

test('the load generator batches calls as the SDK does', async () => {
  const both = (shop: Shop) => Promise.all([shop.products.get({ productId: 3 }), shop.products.get({ productId: 4 })]);
  const sent = await sentBy(both, undefined);

  const operations = [
    { kind: 'read', productId: 3 },
    { kind: 'read', productId: 4 },
  ] as const;
  expect(baguniWire.request(operations, () => 'the-token')).toEqual(sent);
});

const REFUSAL = {
  error: {
    json: { message: 'No.', code: -32_004, data: { reason: 'PRODUCT_NOT_FOUND', details: {}, retryable: false } },
  },
};

/** The first request that a client sends. */
async function sentBy(call: (shop: Shop) => PromiseLike<unknown>, token: string | undefined) {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    requests.push({ url, init });
    // A list of answers to a list of calls.
    return Response.json(url.includes('batch=1') ? [REFUSAL, REFUSAL] : REFUSAL, { status: 404 });
  };
  const shop = createClient({ url: 'http://shop.test', token, fetch });
  await expect((async () => await call(shop))()).rejects.toThrow('No.');
  const [first] = requests;
  if (!first) throw new Error('Nothing was sent.');
  const { method, headers, body } = first.init;
  return { method, path: first.url.replace('http://shop.test', ''), headers, ...(body != null && { body }) };
}
