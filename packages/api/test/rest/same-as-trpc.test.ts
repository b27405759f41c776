import { createTestEngine, type TestEngine } from '@baguni/testing';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { DescribedApi } from './described.ts';

const ADDRESS = 'http://engine.test';
type Caller = 'admin' | 'customer' | 'nobody';
type Call = readonly [id: string, caller: Caller, input?: Record<string, unknown>];

let api: DescribedApi;

beforeAll(async () => {
  await using engine = await createTestEngine();
  api = new DescribedApi(await (await engine.fetch(`${ADDRESS}/openapi.json`)).text());
});

/** A day in a shop: every procedure that answers at once, and many refusals. */
const DAY: readonly Call[] = [
  ['users.create', 'admin', { name: 'Kim Minji', externalId: 'login|1' }],
  ['users.create', 'admin', { name: 'Another', externalId: 'login|1' }],
  ['users.get', 'admin', { userId: 1 }],
  ['users.get', 'customer', { userId: 1 }],
  ['users.get', 'nobody', { userId: 1 }],
  ['users.update', 'admin', { userId: 1, name: 'Kim Min-ji' }],
  ['users.list', 'admin', { search: 'Kim', limit: 5 }],
  ['users.me', 'customer'],
  ['points.charge', 'admin', { userId: 1, amount: 100_000, idempotencyKey: 'charge-1' }],
  ['points.charge', 'admin', { userId: 1, amount: 100_000, idempotencyKey: 'charge-1' }],
  ['points.charge', 'admin', { userId: 1, amount: 1, idempotencyKey: 'charge-1' }],
  ['points.charge', 'admin', { userId: 1, amount: 0 }],
  ['points.adjust', 'admin', { userId: 1, amount: -500, reason: 'By mistake' }],
  ['points.buy', 'customer', { amount: 1_000, method: 'test', idempotencyKey: 'buy-1' }],
  ['points.buy', 'customer', { amount: 1_000, method: 'cowries' }],
  ['points.balance', 'customer'],
  ['points.balance', 'admin', { userId: 1 }],
  ['points.balance', 'admin'],
  ['points.history', 'customer', { type: 'CHARGE', from: '2025-12-31T00:00:00.000Z', limit: 1 }],
  ['points.history', 'customer', { from: 'yesterday' }],
  ['products.create', 'admin', { name: 'Jeju tangerines', price: 14_900, quantity: 10 }],
  ['products.create', 'customer', { name: 'Jeju tangerines', price: 14_900 }],
  ['products.create', 'admin', { name: '', price: 0.5, colour: 'orange' }],
  [
    'products.createMany',
    'admin',
    {
      products: [
        { name: 'Barley tea', price: 3_400, quantity: 5 },
        { name: 'Salt', price: 1 },
      ],
    },
  ],
  ['products.update', 'admin', { productId: 1, price: 12_900, expectedVersion: 1 }],
  ['products.update', 'admin', { productId: 1, price: 12_900, expectedVersion: 1 }],
  ['products.adjustStock', 'admin', { productId: 2, delta: 20 }],
  ['products.adjustStocks', 'admin', { adjustments: [{ productId: 1, delta: 5 }] }],
  ['products.adjustStocks', 'admin', { adjustments: [{ productId: 1, delta: -500 }] }],
  ['products.setStatus', 'admin', { productId: 3, status: 'HIDDEN' }],
  ['products.get', 'nobody', { productId: 1 }],
  ['products.get', 'nobody', { productId: 3 }],
  ['products.get', 'admin', { productId: 3 }],
  ['products.get', 'nobody', { productId: 'one' }],
  ['products.list', 'nobody'],
  ['products.list', 'nobody', { inStock: true, minPrice: 1, sort: 'priceAsc', limit: 1 }],
  ['products.list', 'nobody', { limit: 101 }],
  ['products.list', 'nobody', { colour: 'orange' }],
  ['products.list', 'nobody', { cursor: 'nonsense' }],
  [
    'coupons.create',
    'admin',
    {
      name: 'Ten percent',
      discountType: 'PERCENT',
      discountValue: 10,
      totalQuantity: 3,
      startsAt: '2025-12-31T00:00:00.000Z',
    },
  ],
  ['coupons.update', 'admin', { couponId: 1, minOrderAmount: null, expiresAt: '2026-06-01T09:00:00.000+09:00' }],
  ['coupons.get', 'nobody', { couponId: 1 }],
  ['coupons.list', 'nobody', { limit: 10 }],
  ['coupons.claim', 'customer', { couponId: 1 }],
  ['coupons.claim', 'customer', { couponId: 1 }],
  ['users.create', 'admin', { name: 'Lee Jun' }],
  ['coupons.issueTo', 'admin', { couponId: 1, userId: 2 }],
  ['coupons.revoke', 'admin', { userCouponId: 2 }],
  ['coupons.mine', 'customer'],
  ['cart.get', 'customer'],
  ['cart.addItem', 'customer', { productId: 1, quantity: 2 }],
  ['cart.addItem', 'customer', { productId: 99, quantity: 2 }],
  ['cart.setQuantity', 'customer', { productId: 1, quantity: 3 }],
  ['cart.removeItem', 'customer', { productId: 1, expectedVersion: 9 }],
  ['cart.removeItem', 'customer', { productId: 1 }],
  ['cart.addItem', 'customer', { productId: 2, quantity: 1 }],
  ['cart.clear', 'customer', { idempotencyKey: 'clear-1' }],
  ['orders.quote', 'customer', { items: [{ productId: 1, quantity: 2 }], userCouponId: 1, points: 100 }],
  ['orders.quote', 'customer', { items: [{ productId: 1, quantity: 9_999 }] }],
  [
    'orders.place',
    'customer',
    { items: [{ productId: 1, quantity: 2 }], userCouponId: 1, points: 100, idempotencyKey: 'order-1' },
  ],
  [
    'orders.place',
    'customer',
    { items: [{ productId: 1, quantity: 2 }], userCouponId: 1, points: 100, idempotencyKey: 'order-1' },
  ],
  ['orders.place', 'customer', { items: [{ productId: 1, quantity: 9_999 }] }],
  ['orders.place', 'customer'],
  ['orders.place', 'customer', { items: [{ productId: 2, quantity: 1 }] }],
  ['orders.cancel', 'customer', { orderId: 2, expectedVersion: 7 }],
  ['orders.cancel', 'customer', { orderId: 2 }],
  ['orders.get', 'customer', { orderId: 1 }],
  ['orders.get', 'customer', { orderId: 99 }],
  ['orders.list', 'customer', { limit: 1 }],
  ['orders.search', 'admin', { status: 'CANCELLED', createdFrom: '2025-01-01T00:00:00Z' }],
  ['orders.search', 'admin', { createdFrom: '2026-01-02T00:00:00Z', createdTo: '2026-01-01T00:00:00Z' }],
  ['payments.pay', 'customer', { orderId: 1, method: 'test', idempotencyKey: 'pay-1' }],
  ['payments.pay', 'customer', { orderId: 1, method: 'test' }],
  ['payments.get', 'customer', { orderId: 1 }],
  ['payments.refund', 'admin', { orderId: 1, items: [{ productId: 1, quantity: 1 }], reason: 'Arrived broken' }],
  ['payments.refund', 'admin', { orderId: 1, items: [{ productId: 1, quantity: 2 }] }],
  ['products.bestSellers', 'nobody', { days: 7 }],
  ['events.list', 'admin', { type: 'order.placed' }],
  ['events.createEndpoint', 'admin', { url: 'http://127.0.0.1:9/events', eventTypes: ['order.placed'] }],
  ['events.listEndpoints', 'admin'],
  ['events.replay', 'admin', { endpointId: 1, eventIds: [1] }],
  ['events.deliveries', 'admin', { status: 'PENDING' }],
  ['events.disableEndpoint', 'admin', { endpointId: 1 }],
  ['events.enableEndpoint', 'admin', { endpointId: 1 }],
  ['events.enableEndpoint', 'admin', { endpointId: 99 }],
  ['audit.verify', 'admin'],
];

test('each operation answers and refuses as its procedure does, and as it is described', async () => {
  const ours = await createTestEngine();
  const theirs = await ours.fork();
  onTestFinished(() => ours.close());
  onTestFinished(() => theirs.close());
  for (const [id, caller, input = {}] of DAY) {
    if (id === 'events.list') for (const engine of [ours, theirs]) await engine.runDue();
    const label = `${id} ${JSON.stringify(input)} as ${caller}`;
    const expected = await callProcedure(ours, id, input, await tokenOf(ours, caller));
    const { status, body, answer } = await callRest(theirs, id, input, await tokenOf(theirs, caller));
    expect({ status, answer: withoutChance(answer) }, label).toEqual({
      status: expected.status,
      answer: withoutChance(expected.answer),
    });
    expect(api.differences(id, status, body), label).toEqual([]);
  }
});

test('the day above calls every operation but the streams', () => {
  const streams = ['orders.stream', 'events.stream'];
  expect([...new Set([...DAY.map(([id]) => id), ...streams])].sort()).toEqual([...api.operations.keys()].sort());
});

async function tokenOf(engine: TestEngine, caller: Caller): Promise<string | undefined> {
  if (caller === 'nobody') return undefined;
  return engine.tokenOf(caller === 'admin' ? 'admin' : { id: 1 });
}

interface Answered {
  status: number;
  answer: unknown;
}

/** The call as the SDK sends it; its refusal as a problem document would say it. */
async function callProcedure(engine: TestEngine, id: string, input: object, token?: string): Promise<Answered> {
  const isMutation = api.operation(id).parameters.some(({ name }) => name === 'Idempotency-Key');
  const text = JSON.stringify(input);
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = isMutation
    ? await engine.fetch(`${ADDRESS}/trpc/${id}`, { method: 'POST', headers, body: text })
    : await engine.fetch(`${ADDRESS}/trpc/${id}?input=${encodeURIComponent(text)}`, { headers });
  const { result, error } = JSON.parse(await response.text());
  if (result) return { status: response.status, answer: result.data.json };
  const { message, data } = error.json;
  const { reason, details, retryable } = data;
  return { status: response.status, answer: { detail: message, status: data.httpStatus, reason, details, retryable } };
}

async function callRest(engine: TestEngine, id: string, input: Record<string, unknown>, token?: string) {
  const { path, init } = api.request(id, input, token);
  const response = await engine.fetch(ADDRESS + path, init);
  expect(response.headers.get('x-request-id')).toBeTruthy();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  expect(isProblem, `${id} ${response.status}`).toBe(!response.ok);
  const body = JSON.parse(await response.text());
  const { detail, status, reason, details, retryable } = body;
  const answer: unknown = isProblem ? { detail, status, reason, details, retryable } : body;
  return { status: response.status, body, answer };
}

/** Answers without what chance decides: the provider's ids, and secrets. */
function withoutChance(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/test_[0-9a-f-]{36}|whsec_[^"]+/g, 'by chance'));
}
