import { expect, onTestFinished, test, vi } from 'vitest';
import { type ClientOptions, createClient } from '../src/index.ts';
import { createTrpcClient } from '../src/trpc.ts';
import { startServer, URL } from './shop.ts';

const nobodyAnswers = () => new Promise<Response>(() => {});
/** The longest time that a timer of JavaScript can wait for. */
const TIMER_MAX_MS = 2 ** 31 - 1;

test.each([Number.POSITIVE_INFINITY, TIMER_MAX_MS + 1])(
  'a call with a timeoutMs of %s has no deadline',
  async (timeoutMs) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const shop = createClient({ url: URL, fetch: nobodyAnswers });
    const onEnd = vi.fn();
    const given = shop.products.list(undefined, { timeoutMs }).page().catch(onEnd);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onEnd).not.toHaveBeenCalled();
    const usual = shop.products.list().page();
    const late = expect(usual).rejects.toMatchObject({ reason: 'TIMED_OUT' });
    await vi.advanceTimersByTimeAsync(30_000);
    await late;
    void given;
  },
);

test.each<[Partial<ClientOptions>, string]>([
  [{ timeoutMs: Number.NaN }, 'timeoutMs must be more than 0, or Infinity; it is NaN.'],
  [{ timeoutMs: 0 }, 'timeoutMs must be more than 0, or Infinity; it is 0.'],
  [{ timeoutMs: -1 }, 'timeoutMs must be more than 0, or Infinity; it is -1.'],
  [{ retries: Number.NaN }, 'retries must be a whole number from 0 on, or Infinity; it is NaN.'],
  [{ retries: -1 }, 'retries must be a whole number from 0 on, or Infinity; it is -1.'],
  [{ retries: 1.5 }, 'retries must be a whole number from 0 on, or Infinity; it is 1.5.'],
])('%o is refused by a client at once, and by a call before it is sent', async (options, message) => {
  expect(() => createClient({ url: URL, ...options })).toThrow(new RangeError(message));
  expect(() => createTrpcClient({ url: URL, ...options })).toThrow(new RangeError(message));
  const server = await startServer();
  await expect(server.admin.users.create({ name: 'Mina' }, options)).rejects.toThrow(new RangeError(message));
  await expect(server.client().products.list(undefined, options)).rejects.toThrow(new RangeError(message));
  expect(server.requests).toHaveLength(0);
});

test.each([Number.NaN, 0, -1, 1.5])('withVersion refuses %s tries before it reads', async (tries) => {
  const read = vi.fn();
  const changing = createClient({ url: URL }).withVersion(read, async () => 1, { tries });
  await expect(changing).rejects.toThrow(
    new RangeError(`tries must be a whole number from 1 on, or Infinity; it is ${tries}.`),
  );
  expect(read).not.toHaveBeenCalled();
});

test.each([Number.NaN, -1])('a list refuses to give at most %s items', async (max) => {
  const server = await startServer();
  await expect(server.client().products.list().all({ max })).rejects.toThrow(`it is ${max}.`);
  expect(server.requests).toHaveLength(0);
});

test.each([
  ['', ''],
  ['localhost:3000', 'localhost:3000'],
  ['/shop', '/shop'],
  ['ftp://shop.test', 'ftp://shop.test'],
  ['http://', 'http://'],
  ['http://shop.test/?a=1', 'http://shop.test/?a=1'],
  ['http://shop.test/#a', 'http://shop.test/#a'],
  ['http://mina:secret@shop.test', 'http://…@shop.test'],
])('a client at %j is refused at once, and told what it was given, but for a password', (url, shown) => {
  const message = `url must be like http://localhost:3000, with no user, query or fragment; it is "${shown}".`;
  expect(() => createClient({ url })).toThrow(new TypeError(message));
  expect(() => createTrpcClient({ url })).toThrow(new TypeError(message));
});

test('on a page, the address may be one of the same server', async () => {
  vi.stubGlobal('location', { origin: 'https://shop.test' });
  onTestFinished(() => void vi.unstubAllGlobals());
  const fetch = vi.fn(async () => Response.json([{ result: { data: { json: { clean: true } } } }]));
  await createClient({ url: '/shop', fetch }).audit.verify();
  expect(fetch).toHaveBeenCalledWith(expect.stringMatching(/^\/shop\/trpc\/audit\.verify/), expect.anything());
});
