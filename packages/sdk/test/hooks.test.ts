import { expect, onTestFinished, test, vi } from 'vitest';
import type { Hooks, RequestEvent, ResponseEvent, RetryEvent } from '../src/index.ts';
import { lostAnswer, lostRequest, refusal, startServer } from './shop.ts';

/** Hooks that keep what they are told, in order. */
function recorder() {
  const events: ([name: 'request', RequestEvent] | [name: 'response', ResponseEvent] | [name: 'retry', RetryEvent])[] =
    [];
  const hooks: Hooks = {
    onRequest: (event) => void events.push(['request', event]),
    onResponse: (event) => void events.push(['response', event]),
    onRetry: (event) => void events.push(['retry', event]),
  };
  return { events, hooks };
}

test('hooks are told of each attempt, its answer and the wait for the next', async () => {
  const server = await startServer();
  const { events, hooks } = recorder();
  server.meets(lostRequest);
  await server
    .client({ hooks: [hooks] })
    .products.list()
    .page();
  const call = { path: 'products.list', type: 'query' };
  const failure = { reason: 'CONNECTION_FAILED', message: expect.stringContaining('ECONNRESET'), retryable: true };
  expect(events).toMatchObject([
    ['request', { call, attempt: 1, headers: {} }],
    ['response', { call, attempt: 1, status: undefined, requestId: undefined, failure }],
    ['retry', { call, attempt: 2, delayMs: 100, failure }],
    ['request', { call, attempt: 2 }],
    ['response', { call, attempt: 2, status: 200, requestId: 'request-1', durationMs: 0, failure: undefined }],
  ]);
  expect(new Set(events.map(([, event]) => event.call)).size).toBe(1);
});

test('hooks are told the key of a mutation, and the reason of its refusal', async () => {
  const server = await startServer();
  const { events, hooks } = recorder();
  const shop = server.client({ hooks: [hooks] });
  await shop.orders.place({}, { idempotencyKey: 'mine' }).catch(() => {});
  expect(events).toMatchObject([
    ['request', { call: { path: 'orders.place', type: 'mutation', idempotencyKey: 'mine' } }],
    ['response', { status: 401, requestId: 'request-1', failure: { reason: 'UNAUTHENTICATED', retryable: false } }],
  ]);
});

test('each query of a batch has the status that it would have had alone', async () => {
  const server = await startServer();
  const { events, hooks } = recorder();
  const shop = server.client({ hooks: [hooks] });
  await Promise.allSettled([shop.products.list().page(), shop.products.get({ productId: 999 })]);
  expect(server.requests).toHaveLength(1);
  const responses = events.flatMap(([name, event]) => (name === 'response' ? [event] : []));
  expect(responses.map(({ call, status }) => [call.path, status])).toEqual([
    ['products.list', 200],
    ['products.get', 404],
  ]);
});

test('a hook adds headers, and its call travels alone', async () => {
  const server = await startServer();
  const tag: Hooks = {
    onRequest({ call, headers }) {
      if (call.path === 'products.list') headers['x-tag'] = 'list';
    },
  };
  const shop = server.client({ hooks: [tag] });
  await Promise.all([shop.products.list().page(), shop.coupons.list().page(), shop.products.bestSellers()]);
  const sent = server.requests.map(({ url, init }) => [new URL(url).pathname, new Headers(init.headers).get('x-tag')]);
  expect(sent.sort()).toEqual([
    ['/trpc/coupons.list,products.bestSellers', null],
    ['/trpc/products.list', 'list'],
  ]);
});

test('a hook that throws breaks nothing, neither at once nor later', async () => {
  const consoleError = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => consoleError.mockRestore());
  const server = await startServer();
  const thrown = new Error('a broken hook');
  const broken: Hooks = {
    onRequest() {
      throw thrown;
    },
    onResponse: async () => {
      throw thrown;
    },
    onRetry() {
      throw thrown;
    },
  };
  const { events, hooks } = recorder();
  server.meets(refusal('OVERLOADED', { retryAfterMs: 1 }, { retryable: true }));
  expect(await server.client({ hooks: [broken, hooks] }).products.list()).toMatchObject({ items: [] });
  expect(events.map(([name]) => name)).toEqual(['request', 'response', 'retry', 'request', 'response']);
  expect(consoleError.mock.calls).toEqual(
    Array.from({ length: 5 }, () => ['A hook of the Baguni client failed.', thrown]),
  );
});

test('asking again for an unknown outcome is told of as well', async () => {
  const server = await startServer();
  const { events, hooks } = recorder();
  server.meets(lostAnswer);
  const shop = server.client({ token: () => undefined, hooks: [hooks], retries: 0 });
  const error = await shop.orders.place().catch((error: unknown) => error);
  expect(events.at(-1)).toMatchObject(['response', { failure: { reason: 'CONNECTION_FAILED' } }]);
  expect(error).toMatchObject({ reason: 'OUTCOME_UNKNOWN' });
  await Object(error)
    .resolve()
    .catch(() => {});
  expect(events.at(-1)).toMatchObject(['response', { attempt: 1, failure: { reason: 'UNAUTHENTICATED' } }]);
});
