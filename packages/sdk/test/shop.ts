import { appRouter, newApiKey, openShop, signCustomerToken } from '@baguni/api';
import { ApiKey } from '@baguni/db';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { onTestFinished } from 'vitest';
import { type ClientOptions, createTimedClient, type Shop } from '../src/client.ts';
import type { Fetch } from '../src/index.ts';
import { TestTiming } from './timing.ts';

export const URL = 'http://shop.test';
const SECRET = 'the secret that customers’ tokens are signed with';
/** As many as the server takes in one request. */
const BATCH_SIZE_MAX = 10;

/** What happens to a request instead of reaching the server, or to its answer. */
export type Fault = (request: { url: string; init: RequestInit }, serve: Fetch) => Promise<Response>;

/** The real server, without a port: its `fetch` speaks the same bytes, and meets the faults that the test names. */
export class TestServer {
  /** What was asked for, in order. */
  readonly requests: { url: string; init: RequestInit }[] = [];
  readonly adminKey: string;
  readonly timing: TestTiming;
  readonly #serve: Fetch;
  #faults: (Fault | undefined)[] = [];

  constructor(serve: Fetch, adminKey: string, timing: TestTiming) {
    this.#serve = serve;
    this.adminKey = adminKey;
    this.timing = timing;
  }

  readonly fetch: Fetch = async (url, init) => {
    const request = { url, init };
    this.requests.push(request);
    const fault = this.#faults.shift();
    return fault ? fault(request, this.#serve) : this.#serve(url, init);
  };

  /** What the next requests meet, one each; `undefined` for nothing. */
  meets(...faults: (Fault | undefined)[]): void {
    this.requests.length = 0;
    this.#faults = faults;
  }

  client(options: Partial<ClientOptions> = {}): Shop {
    return createTimedClient({ url: URL, fetch: this.fetch, ...options }, this.timing);
  }

  get admin(): Shop {
    return this.client({ token: this.adminKey });
  }

  /** A customer who has points to spend, and their id. */
  async customer(points = 0): Promise<{ userId: number; token: string; shop: Shop }> {
    const { id: userId } = await this.admin.users.create({ name: 'Mina' });
    if (points > 0) await this.admin.points.charge({ userId, amount: points });
    const token = await this.tokenOf(userId);
    return { userId, token, shop: this.client({ token }) };
  }

  tokenOf(userId: number, lifetimeMs = 60_000): Promise<string> {
    return signCustomerToken(userId, SECRET, new Date(Date.now() + lifetimeMs));
  }
}

export async function startServer(timing = new TestTiming()): Promise<TestServer> {
  const shop = await openShop({ databaseUrl: 'sqlite::memory:', tokens: { secret: SECRET }, verifyRefusals: true });
  onTestFinished(() => shop.close());
  const { key, hash } = newApiKey();
  const now = new Date();
  await shop.read().insert(ApiKey, { id: 1, name: 'tests', hash, revokedAt: null, createdAt: now, updatedAt: now });
  const serve: Fetch = (url, init) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: new Request(url, init),
      router: appRouter,
      maxBatchSize: BATCH_SIZE_MAX,
      responseMeta: () => ({ headers: new Headers({ 'x-request-id': 'request-1' }) }),
      createContext: async ({ req }) => ({
        shop,
        requestId: 'request-1',
        actor: await shop.authenticator.authenticate(req.headers.get('authorization') ?? undefined),
      }),
    });
  return new TestServer(serve, key, timing);
}

/** The request never arrives, and Node knows it. */
export const refusedConnection: Fault = async () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });
};

/** The connection breaks before the request arrives; the caller cannot know. */
export const lostRequest: Fault = async () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }) });
};

/** The server does its work, and the connection breaks before its answer arrives. */
export const lostAnswer: Fault = async ({ url, init }, serve) => {
  await serve(url, init);
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }) });
};

/** The server does its work, and only the beginning of its answer arrives. */
export const cutAnswer: Fault = async ({ url, init }, serve) => {
  const answer = await serve(url, init);
  const { status, headers } = answer;
  return new Response((await answer.text()).slice(0, 20), { status, headers });
};

/** Nobody ever answers. */
export const silence: Fault = () => new Promise<Response>(() => {});

/** A proxy answers in the server's place. */
export const proxyAnswer =
  (status: number, { headers = {}, body = '<h1>Sorry</h1>' } = {}): Fault =>
  async () =>
    new Response(body, { status, headers });

/** The server itself answers with an error. */
export const refusal = (reason: string, details: object, { retryable = false, httpStatus = 503 } = {}): Fault => {
  const data = { reason, details, retryable, requestId: 'request-2', code: 'ERROR', httpStatus };
  const answer = { error: { json: { message: `Refused: ${reason}.`, code: -32000, data } } };
  return async ({ url }) => Response.json(url.includes('batch=1') ? [answer] : answer, { status: httpStatus });
};
