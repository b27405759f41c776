import { request as sendOverPort } from 'node:http';
import { text } from 'node:stream/consumers';
import { createTestEngine, type TestEngine } from '@baguni/testing';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { readCalls } from '../src/calls.ts';
import { BATCH_SIZE_MAX } from '../src/index.ts';
import { Server } from '../src/server.ts';

/** A request, good or bad. */
interface Sent {
  readonly method: string;
  /** What follows the address. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly contentType: string | null | undefined;
  readonly vary: string | null | undefined;
  readonly body: string;
}

type Send = (sent: Sent) => Promise<Answer>;

// A request that says how it wants its answer goes to tRPC's own adapter, also when it says what is usual.
const OFFICIAL = { 'trpc-accept': 'application/json' };

const HEAD_TARGET_MAX = 1_000;
/** The same requests at each run. */
const SEED = 1;
const ORIGIN = 'http://engine.test';
const STREAM = 'text/event-stream';

const names = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('products.get', 'products.list', 'coupons.get', 'cart.get', 'points.history'),
  },
  { weight: 4, arbitrary: fc.constantFrom('cart.addItem', 'orders.place', 'products.create', 'points.charge') },
  fc.constantFrom(
    'no.such',
    'products',
    '',
    'constructor',
    '__proto__',
    'toString',
    'products.get.input',
    'orders.stream',
  ),
  fc.constantFrom(
    'products%2Eget',
    '%',
    '%E0%A4%A',
    '%252C',
    'products.get%2Cproducts.list',
    'é',
    '%C3%A9',
    'a/b',
    '/',
    ';x',
  ),
);
const paths = fc.oneof(
  { weight: 3, arbitrary: names },
  { weight: 3, arbitrary: fc.array(names, { minLength: 2, maxLength: 4 }).map((each) => each.join()) },
  fc.constantFrom(BATCH_SIZE_MAX, BATCH_SIZE_MAX + 1).map((count) => Array(count).fill('products.get').join()),
);

const ids = fc.constantFrom(1, 2, 999, 0, -1, 1.5, '1', null, true, 2 ** 53, 1e300, []);
const inputs = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { productId: ids, couponId: ids, quantity: ids, idempotencyKey: fc.constantFrom('k', '', 7) },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      { productId: 1 },
      { couponId: 1 },
      { productId: 1, quantity: 2 },
      { userId: 1, amount: 5 },
      { limit: 2 },
      { name: 'Gim', price: 900 },
    ),
  },
  fc.constantFrom({ items: [{ productId: 1, quantity: 1 }] }, undefined, null, 7, 'text', [], [1], {
    limit: 1,
    cursor: 'no',
  }),
  fc.jsonValue({ maxDepth: 2 }),
);
const sentInputs = fc.oneof(
  { weight: 4, arbitrary: inputs },
  { weight: 4, arbitrary: fc.dictionary(fc.constantFrom('0', '1', '2', '3', '00', '-1', 'x'), inputs, { maxKeys: 4 }) },
  fc.array(inputs, { maxLength: 3 }),
);
const json = fc.oneof(
  { weight: 8, arbitrary: sentInputs.map((value) => JSON.stringify(value) ?? '') },
  fc.constantFrom(
    '',
    ' ',
    '{',
    'nul',
    '{"productId":1}}',
    '\uFEFF{"productId":1}',
    '{"productId":1,"productId":2}',
    '"\\ud800"',
  ),
  fc.constantFrom(
    '{"__proto__":{"productId":1}}',
    '{"0":{"productId":1},"__proto__":{"1":{"productId":1}}}',
    '\ud800',
    '1e999',
  ),
  fc.constant('['.repeat(5_000)),
);
const parameters = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => `input=${encodeURIComponent(value.toWellFormed())}`) },
  { weight: 4, arbitrary: fc.constant('batch=1') },
  fc.constantFrom(
    'batch=0',
    'batch=',
    'batch',
    'batch=true',
    'batch=01',
    'BATCH=1',
    'b%61tch=1',
    'batch=%31',
    'batch=+1',
  ),
  fc.constantFrom(
    'input',
    'input=%',
    'input=%FF',
    'input=+',
    'input={"productId":1}',
    'connectionParams=null',
    'connectionParams=x',
  ),
  fc.constantFrom('', '?', '#input=1', 'x=%00', 'lastEventId=1'),
);
const contentTypes = fc.constantFrom(
  ...[
    'application/json',
    'application/json',
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/json ;x',
  ],
  ...[
    'text/plain',
    'application/jsonx',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/json, text/plain',
    '',
  ],
);
const accepts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('*/*', 'text/html', 'application/json') },
  fc.constantFrom('application/jsonl', 'application/json, application/jsonl', 'application/jsonlines', STREAM),
);

/** Calls that a client could send, most of which the shop carries out. */
const calls = fc.oneof(
  fc.tuple(
    fc.constant('GET'),
    fc.constantFrom('products.get', 'products.list', 'coupons.get', 'cart.get', 'points.history', 'no.such'),
  ),
  fc.tuple(
    fc.constant('POST'),
    fc.constantFrom('cart.addItem', 'orders.place', 'products.create', 'points.charge', 'no.such'),
  ),
);
const FITTING: Readonly<Record<string, unknown>> = {
  'products.get': { productId: 1 },
  'coupons.get': { couponId: 1 },
  'cart.addItem': { productId: 2, quantity: 1 },
  'orders.place': { items: [{ productId: 1, quantity: 1 }], points: 0 },
  'products.create': { name: 'Gim 김', price: 900 },
  'points.charge': { userId: 1, amount: 5 },
};
const wellFormed = fc
  .tuple(calls, fc.array(fc.tuple(calls, fc.boolean()), { maxLength: 3 }), fc.boolean(), inputs, fc.nat({ max: 3 }))
  .map(([[method, first], others, isBatch, spoilt, spoiltAt]) => {
    const more = isBatch ? others.filter(([[each], isAny]) => each === method || isAny).map(([[, name]]) => name) : [];
    const all = [first, ...more];
    const given = all.map((name, index) => (index === spoiltAt ? spoilt : FITTING[name]));
    const input = JSON.stringify(isBatch ? { ...given } : given[0]) ?? '';
    const query = [
      ...(isBatch ? ['batch=1'] : []),
      ...(method === 'GET' ? [`input=${encodeURIComponent(input)}`] : []),
    ];
    return { method, path: all.join(), query, body: method === 'GET' ? null : input };
  });

/** Whose tokens a request may carry. */
interface Tokens {
  readonly customer: string;
  readonly admin: string;
  readonly expired: string;
}

function requests(tokens: Tokens): fc.Arbitrary<Sent> {
  const authorizations = fc.constantFrom(
    ...[`Bearer ${tokens.customer}`, `Bearer ${tokens.customer}`, `Bearer ${tokens.admin}`, `Bearer ${tokens.admin}`],
    ...[`Bearer ${tokens.customer}`, `bearer ${tokens.customer}`, `Bearer ${tokens.admin}`, `Bearer ${tokens.expired}`],
    ...['Bearer', 'Bearer x', 'Basic eDp4', '', `Bearer ${tokens.customer}x`],
  );
  const headers = fc.record(
    {
      'content-type': contentTypes,
      accept: accepts,
      authorization: authorizations,
      'trpc-accept': accepts,
      'x-trpc-source': fc.constant('a'),
    },
    { requiredKeys: [] },
  );
  const usualHeaders = authorizations.map((authorization) => ({ 'content-type': 'application/json', authorization }));
  const methods = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('GET', 'POST') },
    fc.constantFrom('PUT', 'HEAD', 'OPTIONS', 'DELETE'),
  );
  const anything = fc.record({
    method: methods,
    path: paths,
    query: fc.array(parameters, { maxLength: 3 }),
    body: fc.option(json),
  });
  return (
    fc
      .tuple(fc.oneof(wellFormed, anything), fc.oneof({ weight: 2, arbitrary: usualHeaders }, headers))
      .map(([{ method, path, query, body }, given]) => ({
        method,
        target: `/trpc/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
        headers: given,
        body: method === 'GET' || method === 'HEAD' ? undefined : (body ?? undefined),
      }))
      // Node tells of a request line that is too long in a body, which the answer to a HEAD cannot have.
      .filter(({ method, target }) => method !== 'HEAD' || target.length < HEAD_TARGET_MAX)
  );
}

/** Two engines that are alike, and what both know. */
async function openTwins() {
  // One of the tests takes a table away, and then no book can be audited.
  const one = await createTestEngine({ auditOnClose: false });
  const user = await one.given.user({ points: 1_000_000 });
  for (const name of ['Jeju tangerines', 'Barley tea'])
    await one.admin.products.create({ name, price: 1_000, quantity: 50 });
  await one.admin.coupons.create({ name: 'Ten', discountType: 'PERCENT', discountValue: 10, totalQuantity: 9 });
  const tokens = {
    customer: await one.tokenOf(user),
    admin: await one.tokenOf('admin'),
    expired: await one.tokenOf(user, new Date(0)),
  };
  const other = await one.fork();
  onTestFinished(async () => {
    await one.close();
    await other.close();
  });
  return { one, other, tokens };
}

/** Sends requests to both and wants one answer: as it is to one of them, by way of tRPC's own adapter to the other. */
async function compare(one: Send, other: Send, tokens: Tokens, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requests(tokens), async (sent) => {
      const isStream = sent.headers.accept?.includes('jsonl') || 'trpc-accept' in sent.headers;
      const official = isStream ? sent : { ...sent, headers: { ...sent.headers, ...OFFICIAL } };
      expect(await one(sent)).toEqual(await other(official));
    }),
    // A request may change the shop, so a failure is not made smaller by trying others.
    { numRuns, endOnFailure: true, seed: SEED },
  );
}

/** The same text without what differs from request to request. */
function withoutIds(body: string): string {
  return body.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id');
}

function inProcess({ fetch }: TestEngine): Send {
  return async ({ method, target, headers, body }) => {
    const response = await fetch(ORIGIN + target, { method, headers, ...(body !== undefined && { body }) });
    const contentType = response.headers.get('content-type');
    const answer = { status: response.status, contentType, vary: response.headers.get('vary') };
    if (contentType?.startsWith(STREAM)) await response.body?.cancel();
    return { ...answer, body: contentType?.startsWith(STREAM) ? '' : withoutIds(await response.text()) };
  };
}

async function overPort(engine: TestEngine): Promise<Send> {
  const server = new Server(engine.internals, false);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return ({ method, target, headers, body }) =>
    new Promise((resolve, reject) => {
      const sending = sendOverPort(url, { method, path: target.replaceAll(/[^!-~]/g, encodeURIComponent), headers });
      sending.on('error', reject);
      sending.on('response', async (response) => {
        const { 'content-type': contentType, vary } = response.headers;
        const answer = { status: response.statusCode ?? 0, contentType, vary };
        if (!contentType?.startsWith(STREAM)) return resolve({ ...answer, body: withoutIds(await text(response)) });
        sending.destroy();
        resolve({ ...answer, body: '' });
      });
      sending.end(body);
    });
}

test('in this process, any request is answered as tRPC answers it', async () => {
  const { one, other, tokens } = await openTwins();
  await compare(inProcess(one), inProcess(other), tokens, 2_000);
  expect(one.internalErrors.map(String)).toEqual(other.internalErrors.map(String));
});

test('over a port, any request is answered as tRPC answers it', async () => {
  const { one, other, tokens } = await openTwins();
  await compare(await overPort(one), await overPort(other), tokens, 1_000);
});

test('an error inside is answered as tRPC answers it, alone and in a batch', async () => {
  const { one, other } = await openTwins();
  for (const engine of [one, other])
    await engine.sql('pragma foreign_keys = off').then(() => engine.sql('drop table coupons'));
  const sends = [inProcess(one), inProcess(other)] as const;
  for (const target of [
    '/trpc/coupons.list',
    '/trpc/coupons.list,products.list?batch=1',
    '/trpc/coupons.list?batch=1',
  ]) {
    const sent = { method: 'GET', target, headers: {}, body: undefined };
    const answer = await sends[0](sent);
    expect(answer).toEqual(await sends[1]({ ...sent, headers: OFFICIAL }));
    expect(answer.body).toContain('INTERNAL');
  }
  expect(one.internalErrors).toHaveLength(3);
});

test('plain calls are read here, and all others left to the official adapter', () => {
  const none = (): undefined => undefined;
  const plain = { method: 'GET', path: 'products.get,cart.get', query: 'batch=1', header: none, body: undefined };
  expect(readCalls(plain)?.procedures).toEqual([
    { path: 'products.get', type: 'query' },
    { path: 'cart.get', type: 'query' },
  ]);
  const post = { ...plain, method: 'POST', path: 'orders.place', query: '', body: '{}' };
  expect(
    readCalls({ ...post, header: (name) => (name === 'content-type' ? 'application/json' : undefined) }),
  ).toBeDefined();
  expect(
    readCalls({ ...plain, header: (name) => Object.entries(OFFICIAL).find(([own]) => own === name)?.[1] }),
  ).toBeUndefined();
  expect(readCalls({ ...plain, path: 'orders.stream', query: '' })).toBeUndefined();
  expect(readCalls({ ...plain, path: 'products.get,cart.addItem' })).toBeUndefined();
  expect(readCalls(post)).toBeUndefined();
});
