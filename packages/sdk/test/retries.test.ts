import { expect, test } from 'vitest';
import { BaguniError, isBaguniError, isOutcomeUnknown } from '../src/index.ts';
import {
  cutAnswer,
  type Fault,
  lostAnswer,
  lostRequest,
  proxyAnswer,
  refusal,
  refusedConnection,
  silence,
  startServer,
  type TestServer,
} from './shop.ts';
import { TestTiming } from './timing.ts';

const overloaded = refusal('OVERLOADED', { retryAfterMs: 250 }, { retryable: true });
const pot = { name: 'Pot', price: 1_000 };

function keysSent({ requests }: TestServer): unknown[] {
  return requests.map(({ init }) => JSON.parse(String(init.body)).idempotencyKey);
}

async function failure(call: PromiseLike<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('The call was answered.'),
    (error: unknown) => error,
  );
}

test.each<[string, Fault]>([
  ['a lost request', lostRequest],
  ['a refused connection', refusedConnection],
  ['a lost answer', lostAnswer],
  ['half an answer', cutAnswer],
  ['a proxy that says 429', proxyAnswer(429)],
  ['a proxy that says 408', proxyAnswer(408)],
  ['a proxy that says 502', proxyAnswer(502)],
  ['a proxy that says 503', proxyAnswer(503)],
  ['a proxy that says 504 in JSON', proxyAnswer(504, { body: '{"error":{"code":504,"message":"Timeout"}}' })],
  ['an overloaded server', overloaded],
  [
    'a server that lost its database while committing',
    refusal('OUTCOME_UNKNOWN', { retryAfterMs: 1 }, { retryable: true }),
  ],
])('after %s the call is sent again with the same key, and counts once', async (_, fault) => {
  const server = await startServer();
  const { userId } = await server.customer();
  server.meets(fault);
  const entry = await server.admin.points.charge({ userId, amount: 500 });
  const keys = keysSent(server);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(entry).toMatchObject({ amount: 500, balanceAfter: 500 });
  expect(await server.admin.points.balance({ userId })).toMatchObject({ balance: 500 });
});

test('an order whose answer is lost is placed once, and the retry gives the true answer', async () => {
  const server = await startServer();
  const product = await server.admin.products.create({ ...pot, quantity: 5 });
  const { shop } = await server.customer(3_000);
  server.meets(lostAnswer, lostAnswer);
  const order = await shop.orders.place({ items: [{ productId: product.id, quantity: 2 }], points: 2_000 });
  expect(order).toMatchObject({ status: 'COMPLETE', totalAmount: 2_000, usedPoint: 2_000 });
  expect((await shop.orders.list()).items).toEqual([order]);
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
  expect(await shop.products.get({ productId: product.id })).toMatchObject({ quantity: 3 });
});

test.each<[string, Fault]>([
  ['is lost', lostAnswer],
  ['is cut short', cutAnswer],
])('a refusal whose answer %s is refused the same way', async (_, fault) => {
  const server = await startServer();
  const product = await server.admin.products.create({ ...pot, quantity: 1 });
  const { shop } = await server.customer();
  server.meets(fault);
  const order = shop.orders.place({ items: [{ productId: product.id, quantity: 2 }] });
  await expect(order).rejects.toMatchObject({ reason: 'STOCK_INSUFFICIENT', details: { available: 1 } });
});

test('each retry waits longer, up to a random part of the bound, and there are no more than three', async () => {
  const server = await startServer(new TestTiming(0.5));
  server.meets(refusedConnection, refusedConnection, refusedConnection, refusedConnection, refusedConnection);
  await expect(server.admin.products.create(pot)).rejects.toMatchObject({ reason: 'CONNECTION_FAILED' });
  expect(server.requests).toHaveLength(4);
  expect(server.timing.waits).toEqual([100, 200, 400]);
});

test.each<[string, Fault, number]>([
  ['retryAfterMs', overloaded, 250],
  ['Retry-After', proxyAnswer(503, { headers: { 'retry-after': '2' } }), 2_000],
])('a server that says %s is not asked before', async (_, fault, waitMs) => {
  const server = await startServer(new TestTiming(0));
  server.meets(fault);
  await server.admin.products.create(pot);
  expect(server.timing.waits).toEqual([waitMs]);
});

test('nobody waits for a retry that would come after the deadline', async () => {
  const server = await startServer();
  server.meets(refusal('OVERLOADED', { retryAfterMs: 60_000 }, { retryable: true }));
  await expect(server.admin.products.create(pot)).rejects.toMatchObject({ reason: 'OVERLOADED', retryable: true });
  expect(server.requests).toHaveLength(1);
});

test('queries are sent again as well', async () => {
  const server = await startServer();
  server.meets(lostRequest, proxyAnswer(503));
  expect(await server.client().products.list()).toEqual({ items: [], nextCursor: null });
  expect(server.requests).toHaveLength(3);
});

test('what is not retryable is not sent again', async () => {
  const server = await startServer();
  server.meets();
  await expect(server.client().products.get({ productId: 1 })).rejects.toMatchObject({ reason: 'PRODUCT_NOT_FOUND' });
  expect(server.requests).toHaveLength(1);
});

test('a key of the caller is used, from the options or from the input', async () => {
  const server = await startServer();
  server.meets();
  const first = await server.admin.products.create(pot, { idempotencyKey: 'mine' });
  const second = await server.admin.products.create({ ...pot, idempotencyKey: 'mine' });
  expect(keysSent(server)).toEqual(['mine', 'mine']);
  expect(second).toEqual(first);
  await expect(server.admin.products.create({ ...pot, price: 1 }, { idempotencyKey: 'mine' })).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
    idempotencyKey: 'mine',
  });
});

test('an input that changes while it is retried is sent as it was', async () => {
  const server = await startServer();
  const { id: productId } = await server.admin.products.create({ ...pot, quantity: 5 });
  const { shop } = await server.customer();
  const line = { productId, quantity: 1 };
  server.meets(async () => {
    line.quantity = 5;
    throw new TypeError('fetch failed');
  });
  expect(await shop.orders.place({ items: [line] })).toMatchObject({ items: [{ quantity: 1 }] });
});

test('a mutation that no answer settles ends as OUTCOME_UNKNOWN, and its key tells later', async () => {
  const server = await startServer();
  server.meets(lostAnswer, lostRequest, lostRequest, lostRequest);
  const error = await failure(server.admin.products.create(pot));
  expect(error).toMatchObject({
    reason: 'OUTCOME_UNKNOWN',
    retryable: true,
    idempotencyKey: expect.stringMatching(/^[\da-f-]{36}$/),
    cause: { reason: 'CONNECTION_FAILED' },
  });
  const { idempotencyKey } = Object(error);
  const product = await server.admin.products.create(pot, { idempotencyKey });
  expect((await server.client().products.list()).items).toEqual([product]);
});

test('an unknown outcome is asked for with the same key and input, and tells the true answer', async () => {
  const server = await startServer();
  const { userId } = await server.customer();
  server.meets(lostAnswer, lostRequest, lostRequest, lostRequest);
  const error = await failure(server.admin.points.charge({ userId, amount: 500 }));
  if (!isOutcomeUnknown(error, 'points.charge')) throw error;
  expect(error).toBeInstanceOf(BaguniError);
  expect(isBaguniError(error, 'OUTCOME_UNKNOWN')).toBe(true);
  expect(isOutcomeUnknown(error, 'orders.place')).toBe(false);
  expect(error.path).toBe('points.charge');
  const entry = await error.resolve();
  expect(entry).toMatchObject({ amount: 500, balanceAfter: 500 });
  expect(await error.resolve()).toEqual(entry);
  expect(new Set(keysSent(server))).toEqual(new Set([error.idempotencyKey]));
  expect(await server.admin.points.balance({ userId })).toMatchObject({ balance: 500 });
});

test('an unknown outcome that was a refusal turns out as that refusal', async () => {
  const server = await startServer();
  const product = await server.admin.products.create({ ...pot, quantity: 1 });
  const { shop } = await server.customer();
  server.meets(lostAnswer);
  const error = await failure(shop.orders.place({ items: [{ productId: product.id, quantity: 2 }] }, { retries: 0 }));
  if (!isOutcomeUnknown(error)) throw error;
  await expect(error.resolve()).rejects.toMatchObject({
    reason: 'STOCK_INSUFFICIENT',
    details: { available: 1 },
    idempotencyKey: error.idempotencyKey,
  });
});

test('a refusal of which no attempt shows more than the beginning is unknown, and turns out as that refusal', async () => {
  const server = await startServer();
  const product = await server.admin.products.create({ ...pot, quantity: 1 });
  const { shop } = await server.customer();
  server.meets(cutAnswer, cutAnswer, cutAnswer, cutAnswer);
  const error = await failure(shop.orders.place({ items: [{ productId: product.id, quantity: 2 }] }));
  if (!isOutcomeUnknown(error)) throw error;
  await expect(error.resolve()).rejects.toMatchObject({ reason: 'STOCK_INSUFFICIENT', details: { available: 1 } });
});

test('a call that had not arrived takes effect when its outcome is asked for, once', async () => {
  const server = await startServer();
  server.meets(lostRequest);
  const error = await failure(server.admin.products.create(pot, { retries: 0 }));
  if (!isOutcomeUnknown(error, 'products.create')) throw error;
  expect((await server.client().products.list()).items).toEqual([]);
  const product = await error.resolve();
  expect((await server.client().products.list()).items).toEqual([product]);
});

test('an unknown outcome is asked for more often than a call is retried, until the deadline', async () => {
  const server = await startServer();
  server.meets(lostAnswer, ...Array.from({ length: 8 }, () => lostRequest), overloaded);
  const error = await failure(server.admin.products.create(pot, { retries: 0 }));
  if (!isOutcomeUnknown(error, 'products.create')) throw error;
  expect(await error.resolve()).toMatchObject({ name: 'Pot' });
  expect(server.requests).toHaveLength(11);
});

test.each<[string, Fault]>([
  ['a server that no longer knows the token', refusal('UNAUTHENTICATED', {}, { httpStatus: 401 })],
  ['a wrong address', proxyAnswer(404)],
  ['a server that is set up otherwise', refusal('PAYMENT_METHOD_UNKNOWN', { method: 'x' }, { httpStatus: 404 })],
  ['a server that fails', refusal('INTERNAL', { requestId: 'request-2' }, { httpStatus: 500 })],
])('%s does not turn an unknown outcome into a failure', async (_, fault) => {
  const server = await startServer();
  server.meets(lostAnswer, fault);
  const error = await failure(server.admin.products.create(pot, { retries: 0 }));
  if (!isOutcomeUnknown(error, 'products.create')) throw error;
  const still = await failure(error.resolve());
  if (!isOutcomeUnknown(still, 'products.create')) throw still;
  expect(still.idempotencyKey).toBe(error.idempotencyKey);
  expect(await still.resolve()).toMatchObject({ name: 'Pot' });
});

test('an unknown outcome stays unknown past its deadline, and when asking is aborted the error can ask again', async () => {
  const server = await startServer();
  server.meets(lostAnswer, silence, silence);
  const error = await failure(server.admin.products.create(pot, { retries: 0 }));
  if (!isOutcomeUnknown(error, 'products.create')) throw error;
  const late = failure(error.resolve({ timeoutMs: 20_000 }));
  await expect.poll(() => server.requests.length).toBe(2);
  server.timing.expire(20_000);
  expect(await late).toMatchObject({ reason: 'OUTCOME_UNKNOWN', cause: { reason: 'TIMED_OUT' } });
  const controller = new AbortController();
  const aborted = failure(error.resolve({ signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(3);
  controller.abort();
  expect(await aborted).toMatchObject({ reason: 'ABORTED' });
  expect(await error.resolve()).toMatchObject({ name: 'Pot' });
});

test('a server that does not know the outcome itself is asked as well', async () => {
  const server = await startServer();
  server.meets(refusal('OUTCOME_UNKNOWN', { retryAfterMs: 7 }, { retryable: true }));
  const error = await failure(server.admin.products.create(pot, { retries: 0 }));
  if (!isOutcomeUnknown(error, 'products.create')) throw error;
  expect(error).toMatchObject({ details: { retryAfterMs: 7 }, requestId: 'request-2' });
  expect(await error.resolve()).toMatchObject({ name: 'Pot' });
});

test.each<[string, object, object, number]>([
  ['a client', { retries: 1 }, {}, 2],
  ['a client that never retries', { retries: 0 }, {}, 1],
  ['a call, which says more than its client', { retries: 0 }, { retries: 2 }, 3],
])('%s may say how often it is sent again', async (_, client, call, requests) => {
  const server = await startServer();
  server.meets(refusedConnection, refusedConnection, refusedConnection, refusedConnection);
  await expect(server.client(client).products.list(undefined, call)).rejects.toMatchObject({
    reason: 'CONNECTION_FAILED',
  });
  expect(server.requests).toHaveLength(requests);
});

test.each<[string, Fault]>([
  ['an overloaded server', overloaded],
  ['a refused connection', refusedConnection],
  ['a server that no longer knows the token', refusal('UNAUTHENTICATED', {}, { httpStatus: 401 })],
  ['a server that fails', refusal('INTERNAL', { requestId: 'request-2' }, { httpStatus: 500 })],
  ['a proxy that says 404', proxyAnswer(404)],
  ['a server that is set up otherwise', refusal('ENDPOINT_URL_REFUSED', { url: 'x' }, { httpStatus: 400 })],
])('%s after a lost answer does not pass for a failure', async (_, fault) => {
  const server = await startServer();
  server.meets(lostAnswer, fault, fault, fault);
  await expect(server.admin.products.create(pot)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
});

test.each<[string, Fault, string]>([
  ['a connection that was never made', refusedConnection, 'CONNECTION_FAILED'],
  ['an overloaded server', overloaded, 'OVERLOADED'],
  ['a proxy that turns the call away', proxyAnswer(429), 'ANSWER_UNREADABLE'],
  ['a wrong address', proxyAnswer(404), 'ANSWER_UNREADABLE'],
])('%s is a failure, because nothing was changed', async (_, fault, reason) => {
  const server = await startServer();
  server.meets(fault, fault, fault, fault);
  await expect(server.admin.products.create(pot)).rejects.toMatchObject({ reason });
});

test.each<[string, Fault]>([
  ['a proxy that gives up on the server', proxyAnswer(504)],
  ['a page that is not ours', proxyAnswer(200)],
  ['a proxy that fails', proxyAnswer(500)],
  ['an answer for another call', proxyAnswer(200, { body: '[]' })],
])('after %s nobody knows whether a mutation took effect', async (_, fault) => {
  const server = await startServer();
  server.meets(fault, fault, fault, fault);
  await expect(server.admin.products.create(pot)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
});

test('a query whose deadline has come is TIMED_OUT, a mutation OUTCOME_UNKNOWN', async () => {
  const server = await startServer();
  server.meets(silence, silence);
  const query = failure(server.client().products.list(undefined, { timeoutMs: 20_000 }));
  const mutation = failure(server.admin.products.create(pot));
  await expect.poll(() => server.requests.length).toBe(2);
  server.timing.expire(30_000);
  expect(await query).toMatchObject({ reason: 'TIMED_OUT', details: { timeoutMs: 20_000 } });
  expect(await mutation).toMatchObject({
    reason: 'OUTCOME_UNKNOWN',
    cause: { reason: 'TIMED_OUT', details: { timeoutMs: 30_000 } },
  });
  expect(server.timing.pending).toBe(0);
});

test('a deadline takes its call out of a batch and leaves the others', async () => {
  const server = await startServer();
  const open = Promise.withResolvers<void>();
  server.meets(async ({ url, init }, serve) => {
    await open.promise;
    return serve(url, init);
  });
  const shop = server.client();
  const impatient = failure(shop.products.list(undefined, { timeoutMs: 20_000 }));
  const patient = shop.products.list().then(({ items }) => items);
  await expect.poll(() => server.requests.length).toBe(1);
  server.timing.expire(20_000);
  expect(await impatient).toMatchObject({ reason: 'TIMED_OUT' });
  open.resolve();
  expect(await patient).toEqual([]);
});

test('a call that is aborted before it is sent is not sent', async () => {
  const server = await startServer();
  const cause = new Error('The page was left.');
  const call = server.admin.products.create(pot, { signal: AbortSignal.abort(cause) });
  await expect(call).rejects.toMatchObject({ reason: 'ABORTED', retryable: false, cause });
  expect(server.requests).toHaveLength(0);
});

test('a call that is aborted under way takes its request along', async () => {
  const server = await startServer();
  server.meets(silence);
  const controller = new AbortController();
  const call = failure(server.admin.products.create(pot, { signal: controller.signal }));
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  expect(await call).toMatchObject({ reason: 'ABORTED', idempotencyKey: expect.any(String) });
  expect(server.requests[0]?.init.signal?.aborted).toBe(true);
  expect(server.timing.pending).toBe(0);
});

test('a call that is aborted while it waits is not sent again', async () => {
  const server = await startServer();
  server.timing.isStanding = true;
  server.meets(overloaded);
  const controller = new AbortController();
  const call = failure(server.client().products.list(undefined, { signal: controller.signal }));
  await expect.poll(() => server.timing.waits.length).toBe(1);
  controller.abort();
  expect(await call).toMatchObject({ reason: 'ABORTED' });
  expect(server.requests).toHaveLength(1);
});

test('a client may be told how long to wait before it sends a call again', async () => {
  const server = await startServer();
  const { userId } = await server.customer();
  const asked: number[] = [];
  const retryDelay = (delayMs: number) => asked.push(delayMs) && 0;
  server.meets(lostAnswer, overloaded);

  const admin = server.client({ token: server.adminKey, retryDelay });
  const entry = await admin.points.charge({ userId, amount: 500 });

  expect(entry).toMatchObject({ amount: 500, balanceAfter: 500 });
  expect(asked).toEqual([100, 250 + 200]);
  expect(server.timing.waits).toEqual([]);
});

test('a call is not sent again as another customer, and its outcome stays unknown until its own customer asks', async () => {
  const server = await startServer();
  const [mina, noah] = [await server.customer(), await server.customer()];
  const product = await server.admin.products.create({ ...pot, quantity: 5 });
  let token = mina.token;
  const shop = server.client({ token: () => token });
  const signInAsNoah: Fault = async (request, serve) => {
    token = noah.token;
    return lostAnswer(request, serve);
  };
  server.meets(signInAsNoah);
  const error = await failure(shop.orders.place({ items: [{ productId: product.id, quantity: 1 }] }));
  if (!isOutcomeUnknown(error, 'orders.place')) throw error;
  expect(error.cause).toMatchObject({ reason: 'CALLER_CHANGED' });

  const still = await failure(error.resolve());
  if (!isOutcomeUnknown(still, 'orders.place')) throw still;
  expect(still).toMatchObject({ idempotencyKey: error.idempotencyKey, cause: { reason: 'CALLER_CHANGED' } });
  expect(server.requests).toHaveLength(1);
  expect((await noah.shop.orders.list()).items).toEqual([]);

  token = mina.token;
  const order = await still.resolve();
  expect((await mina.shop.orders.list()).items).toEqual([order]);
});

test('a call whose token is renewed meanwhile is sent again, because its customer is the same', async () => {
  const server = await startServer();
  const { userId, token } = await server.customer();
  const product = await server.admin.products.create({ ...pot, quantity: 5 });
  const renewed = await server.tokenOf(userId, 120_000);
  expect(renewed).not.toBe(token);
  const tokens = [token, renewed];
  server.meets(lostAnswer);
  const shop = server.client({ token: () => tokens.shift() });
  const order = await shop.orders.place({ items: [{ productId: product.id, quantity: 1 }] });
  expect(order).toMatchObject({ userId });
  expect(server.requests).toHaveLength(2);
});

test.each<[string, (string | undefined)[]]>([
  ['another API key', ['bgn_one', 'bgn_another']],
  ['no token any more', ['bgn_one', undefined]],
  ['a token that it did not have', [undefined, 'bgn_one']],
  ['another token that names nobody', ['a.b.c', 'a.b.d']],
])('a query that would be sent again with %s is rejected instead', async (_, tokens) => {
  const server = await startServer();
  server.meets(lostRequest);
  const shop = server.client({ token: () => tokens.shift() });
  await expect(shop.products.list()).rejects.toMatchObject({ reason: 'CALLER_CHANGED', retryable: false });
  expect(server.requests).toHaveLength(1);
});

test('a mutation that certainly never left is no unknown outcome when the caller changes', async () => {
  const server = await startServer();
  server.meets(refusedConnection);
  const tokens = ['bgn_one', 'bgn_another'];
  const shop = server.client({ token: () => tokens.shift() });
  await expect(shop.products.create(pot)).rejects.toMatchObject({ reason: 'CALLER_CHANGED' });
});

test('a query of another caller that joins the same tick as a retry is not harmed by it', async () => {
  const server = await startServer();
  const tokens = ['bgn_one', server.adminKey, server.adminKey];
  let joining: PromiseLike<unknown> | undefined;
  const shop = server.client({
    token: () => tokens.shift(),
    retryDelay: () => 0,
    hooks: [{ onRetry: () => (joining ??= shop.users.list().then(({ items }) => items)) }],
  });
  server.meets(lostRequest);
  await expect(shop.products.list()).rejects.toMatchObject({ reason: 'CALLER_CHANGED' });
  expect(await joining).toEqual([]);
});

test('an unknown outcome that was a user who is not there turns out as that refusal, because the key keeps it', async () => {
  const server = await startServer();
  server.meets(lostAnswer);
  const error = await failure(server.admin.points.charge({ userId: 999, amount: 1 }, { retries: 0 }));
  if (!isOutcomeUnknown(error)) throw error;
  await expect(error.resolve()).rejects.toMatchObject({ reason: 'USER_NOT_FOUND', details: { userId: 999 } });
});
