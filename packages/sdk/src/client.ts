import type { AppRouter } from '@baguni/api';
import { type OperationLink, splitLink, type TRPCLink } from '@trpc/client';
import { type Calls, callsOf, type Request, type StreamRequest } from './calls.ts';
import { type Hooks, hooksOf } from './hooks.ts';
import { type Fetch, type HttpSettings, httpLink, type Token } from './links/http.ts';
import { inputLink } from './links/input.ts';
import { callErrorOf, type ResponseHandler, retriesLink } from './links/retries.ts';
import type { Procedures } from './procedures.ts';
import { type CallResponse, callPromise } from './responses.ts';
import { assertCount, assertTimeout, assertUrl } from './settings.ts';
import { systemTiming, type Timing } from './timing.ts';
import { type WithVersion, withVersionOn } from './versions.ts';

/** How long a call may take unless said otherwise, retries included. */
const TIMEOUT_MS = 30_000;
/** How often a call is sent again at most unless said otherwise. */
const RETRIES_MAX = 3;

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:3000`, or on a page of its own a path, such as `/shop`. */
  url: string;
  /** A customer's JWT or an admin's API key, or a function that gives the current one; none for an anonymous client. */
  token?: Token;
  /** What sends the requests, instead of the runtime's own `fetch`. */
  fetch?: Fetch | undefined;
  /** How long a call may take, retries included, in milliseconds; 30,000 unless said otherwise, `Infinity` for no deadline. */
  timeoutMs?: number | undefined;
  /** How often a call is sent again at most; 3 unless said otherwise, 0 for never. */
  retries?: number | undefined;
  /**
   * How long to wait before a call is sent again, in milliseconds, instead of what the client would wait by itself:
   * `() => 0` in a test whose server is in the same process.
   */
  retryDelay?: ((delayMs: number) => number) | undefined;
  /** Whether the queries of one tick travel in one request; they do unless said otherwise. Mutations never do. */
  batch?: boolean | undefined;
  /** What is told of each call on its way, in this order. */
  hooks?: readonly Hooks[] | undefined;
}

/** A shop, as one caller sees it. */
export interface Shop extends Calls<Procedures> {
  /**
   * Changes what others may change as well: reads, runs `change` on what was read, and does both again on
   * `VERSION_CONFLICT`, at most 5 times. `change` makes its calls anew each time, and each has a new idempotency key.
   * Any other error, an unknown outcome among them, ends it.
   *
   *     await shop.withVersion(
   *       () => shop.products.get({ productId }),
   *       ({ version, price }) => shop.products.update({ productId, price: price + 100, expectedVersion: version }),
   *     );
   */
  readonly withVersion: WithVersion;
}

/** A client of the shop at `url`. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): Shop {
  return createTimedClient(options, systemTiming);
}

/** A client whose waiting is up to the caller, for tests. */
export function createTimedClient(options: ClientOptions, timing: Timing): Shop {
  const http = httpSettingsOf(options);
  // tRPC's own client would do no more than run its links, and is as large as all of ours together.
  const link = splitLink<AppRouter>({ condition: () => true, true: callLinks(options, timing), false: [] })({});
  const send = (request: Request) => callPromise(respond(link, request));
  const follow = (request: StreamRequest) => followLazily(http, request, timing);
  return { ...callsOf({ send, follow }), withVersion: withVersionOn(timing) };
}

/** What reads a stream is loaded with the first one, because most pages never open any. */
async function* followLazily(http: HttpSettings, request: StreamRequest, timing: Timing) {
  const { followStream } = await import('./streams.ts');
  yield* followStream(http, request, timing);
}

export function httpSettingsOf({
  url,
  token,
  fetch = (...args) => globalThis.fetch(...args),
}: ClientOptions): HttpSettings {
  assertUrl(url);
  return { url, token, fetch };
}

/** The way of every call: made plain, given its key, retried, sent. */
export function callLinks(options: ClientOptions, timing: Timing): TRPCLink<AppRouter>[] {
  const { timeoutMs = TIMEOUT_MS, retries = RETRIES_MAX, batch = true, hooks = [], retryDelay } = options;
  assertTimeout(timeoutMs);
  assertCount('retries', retries);
  return [
    inputLink(),
    retriesLink({ timing, timeoutMs, retries, retryDelay, hooks: hooksOf(hooks) }),
    httpLink({ ...httpSettingsOf(options), batch }),
  ];
}

function respond(
  link: OperationLink<AppRouter>,
  { type, path, input, options: { signal, ...context } }: Request,
): Promise<CallResponse<unknown>> {
  return new Promise((resolve, reject) => {
    let response: Parameters<ResponseHandler>[0] | undefined;
    const onResponse: ResponseHandler = (came) => {
      response = came;
    };
    const op = { id: 0, type, path, input, context: { ...context, onResponse }, signal: signal ?? null };
    const next = () => {
      throw new Error('There is no link after the last one.');
    };
    link({ op, next }).subscribe({
      next({ result }) {
        if (response && 'data' in result) resolve({ data: result.data, ...response });
        else reject(new Error(`The call of ${path} was answered without data.`));
      },
      error: (error) => reject(callErrorOf(error)),
    });
  });
}
