import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createTestEngine } from '@baguni/testing';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import {
  signWebhook,
  verifyWebhook,
  type WebhookEvent,
  type WebhookReasons,
  WebhookVerificationError,
} from '../src/webhooks.ts';

const SECRET = `whsec_${btoa('the secret of one endpoint')}`;
const OTHER = `whsec_${btoa('the secret of another')}`;
const now = new Date('2026-01-01T00:00:00.000Z');
const event: WebhookEvent = {
  id: 'evt_7',
  type: 'stock.out',
  schemaVersion: 1,
  occurredAt: new Date('2025-12-31T23:59:59.000Z'),
  data: { productId: 1, quantity: 0 },
};

function reasonOf(verify: () => unknown): keyof WebhookReasons {
  try {
    verify();
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.reason;
    throw error;
  }
  throw new Error('The message was believed.');
}

/** What reaches a port of this machine, byte for byte. */
async function listen() {
  const requests: { body: Buffer; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ body: await buffer(request), headers: request.headers });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${address instanceof Object ? address.port : ''}/hook`, requests };
}

test('what the server delivers is verified, and gives the event with its types', async () => {
  await using engine = await createTestEngine({ now });
  const receiver = await listen();
  const { secret } = await engine.admin.events.createEndpoint({ url: receiver.url, eventTypes: ['points.charged'] });
  const user = await engine.admin.users.create({ name: 'Mina' });
  const entry = await engine.admin.points.charge({ userId: user.id, amount: 500 });
  await engine.runDue();
  const [request] = receiver.requests;
  if (!request) throw new Error('Nothing was delivered.');
  const received = verifyWebhook(request.body, request.headers, secret, { now });
  if (received.type !== 'points.charged') throw new Error(`Unexpected ${received.type}`);
  expect(received.data).toEqual({ userId: user.id, pointEntryId: entry.id, amount: 500, balanceAfter: 500 });
  expect(received.occurredAt).toEqual(now);
  expect(received.id).toMatch(/^evt_\d+$/);
  expect(reasonOf(() => verifyWebhook(request.body, request.headers, OTHER, { now }))).toBe('SIGNATURE_INVALID');
});

test('what a test signs is verified, as text and as bytes, with headers of either form', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  const bytes = new TextEncoder().encode(body);
  const upperCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  for (const form of [body, bytes, bytes.buffer]) {
    for (const either of [headers, upperCase, new Headers(headers)]) {
      expect(verifyWebhook(form, either, SECRET, { now })).toEqual(event);
    }
  }
});

test('the library of the standard believes what a test signs', () => {
  const { body, headers } = signWebhook(event, SECRET);
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ id: 'evt_7' });
});

test('while a secret is replaced, both are believed, and a message may be signed by both', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  expect(verifyWebhook(body, headers, [OTHER, SECRET], { now })).toEqual(event);
  const both = { ...headers, 'webhook-signature': `v1a,other v1,AAAA ${headers['webhook-signature']}` };
  expect(verifyWebhook(body, both, SECRET, { now })).toEqual(event);
  expect(reasonOf(() => verifyWebhook(body, headers, [], { now }))).toBe('SIGNATURE_INVALID');
});

test.each<[string, keyof WebhookReasons, (headers: Record<string, string>) => Record<string, string>]>([
  ['without an id', 'HEADERS_MISSING', ({ 'webhook-id': _, ...others }) => others],
  ['without a signature', 'HEADERS_MISSING', ({ 'webhook-signature': _, ...others }) => others],
  ['without a time', 'HEADERS_MISSING', ({ 'webhook-timestamp': _, ...others }) => others],
  ['whose time is no number', 'HEADERS_MISSING', (headers) => ({ ...headers, 'webhook-timestamp': 'now' })],
  ['with the id of another', 'SIGNATURE_INVALID', (headers) => ({ ...headers, 'webhook-id': 'evt_8' })],
  ['with another time', 'SIGNATURE_INVALID', (headers) => ({ ...headers, 'webhook-timestamp': '1767225601' })],
  ['with half a signature', 'SIGNATURE_INVALID', (headers) => ({ ...headers, 'webhook-signature': 'v1,abc' })],
])('a message %s is not believed', (_, reason, change) => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  expect(reasonOf(() => verifyWebhook(body, change(headers), SECRET, { now }))).toBe(reason);
});

test('a message whose body was changed on the way is not believed', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  const changed = body.replace('"quantity":0', '"quantity":9');
  expect(reasonOf(() => verifyWebhook(changed, headers, SECRET, { now }))).toBe('SIGNATURE_INVALID');
  expect(reasonOf(() => verifyWebhook(new Uint8Array([0xff]), headers, SECRET, { now }))).toBe('SIGNATURE_INVALID');
});

test.each([
  [300, undefined, true],
  [301, undefined, false],
  [-301, undefined, false],
  [301, 600, true],
  [11, 10, false],
])('a message that is %i seconds old, with a tolerance of %s, is believed: %s', (ageS, toleranceS, isBelieved) => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: new Date(now.getTime() - ageS * 1_000) });
  const verify = () => verifyWebhook(body, headers, SECRET, { now, toleranceS });
  if (isBelieved) expect(verify()).toEqual(event);
  else expect(reasonOf(verify)).toBe('TIMESTAMP_OUT_OF_TOLERANCE');
});

test.each(['', '[]', 'null', '{"id":"evt_8","type":"stock.out","data":{}}', '{"id":"evt_7"}'])(
  'a signed %j is no event',
  (body) => {
    const { headers } = signWebhook(event, SECRET, { sentAt: now });
    const signature = new Webhook(SECRET).sign('evt_7', now, body);
    const signed = { ...headers, 'webhook-signature': signature };
    expect(reasonOf(() => verifyWebhook(body, signed, SECRET, { now }))).toBe('BODY_INVALID');
  },
);

test.each(['', 'whsec_', 'whsec_not base64'])('%j is no secret', (secret) => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  expect(reasonOf(() => verifyWebhook(body, headers, secret, { now }))).toBe('SECRET_INVALID');
});

test.each([Number.NaN, -1])(
  'a tolerance of %s seconds is refused, instead of believing or refusing everything',
  (toleranceS) => {
    const { body, headers } = signWebhook(event, SECRET, { sentAt: new Date(0) });
    const verify = () => verifyWebhook(body, headers, SECRET, { now, toleranceS });
    expect(verify).toThrow(new RangeError(`toleranceS must be 0 or more; it is ${toleranceS}.`));
  },
);

test('a time that is none is refused, instead of believing every recording', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: new Date(0) });
  const verify = () => verifyWebhook(body, headers, SECRET, { now: new Date('never') });
  expect(verify).toThrow(new RangeError('now must be a time.'));
});

test('headers of another make are read as well', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  const entries = Object.entries(headers);
  const distinct = Object.fromEntries(entries.map(([name, value]) => [name, [value]]));
  const incoming: IncomingHttpHeaders = { ...headers, host: 'shop.test', 'set-cookie': ['a=1', 'b=2'] };
  const fromAnotherRealm = { get: (name: string) => headers[name.toLowerCase()] ?? null };
  for (const form of [distinct, incoming, fromAnotherRealm, new Map(entries), new Map(Object.entries(distinct))]) {
    expect(verifyWebhook(body, form, SECRET, { now })).toEqual(event);
  }
});

test('a header that came several times is not believed, in whatever way it came', () => {
  const { body, headers } = signWebhook(event, SECRET, { sentAt: now });
  const twice = { ...headers, 'webhook-id': ['evt_7', 'evt_7'] };
  const inTwoCases = { ...headers, 'Webhook-Id': 'evt_8' };
  for (const form of [twice, inTwoCases, { ...headers, 'webhook-id': [] }]) {
    expect(reasonOf(() => verifyWebhook(body, form, SECRET, { now }))).toBe('HEADERS_MISSING');
  }
});
