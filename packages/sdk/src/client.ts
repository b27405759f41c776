import type { AppRouter } from '@baguni/api';
import { createTRPCUntypedClient, splitLink, type TRPCLink, type TRPCUntypedClient } from '@trpc/client';
import { type Calls, callsOf, type Request, type StreamRequest } from './calls.ts';
import { type Hooks, hooksOf } from './hooks.ts';
import { type Fetch, httpLink, type Token } from './links/http.ts';
import { inputLink } from './links/input.ts';
import { callErrorOf, type ResponseHandler, retriesLink } from './links/retries.ts';
import { streamLink } from './links/stream.ts';
import type { Procedures } from './procedures.ts';
import { type CallResponse, callPromise } from './responses.ts';
import { followStream } from './streams.ts';
import { systemTiming, type Timing } from './timing.ts';
import { type WithVersion, withVersionOn } from './versions.ts';

/** How long a call may take unless said otherwise, retries included. */
const TIMEOUT_MS = 30_000;
/** How often a call is sent again at most unless said otherwise. */
const RETRIES_MAX = 3;

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:3000`. */
  url: string;
  /** A customer's JWT or an admin's API key, or a function that gives the current one; none for an anonymous client. */
  token?: Token;
  /** What sends the requests, instead of the runtime's own `fetch`. */
  fetch?: Fetch | undefined;
  /** How long a call may take, retries included, in milliseconds; 30,000 unless said otherwise. */
  timeoutMs?: number | undefined;
  /** How often a call is sent again at most; 3 unless said otherwise, 0 for never. */
  retries?: number | undefined;
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
  const untyped = createTRPCUntypedClient({ links: linksOf(options, timing) });
  const send = (request: Request) => callPromise(respond(untyped, request));
  const follow = (request: StreamRequest) => followStream(untyped, request, timing);
  return { ...callsOf({ send, follow }), withVersion: withVersionOn(timing) };
}

/** The way of every call: made plain, given its key, retried, sent. */
export function linksOf(
  {
    url,
    token,
    fetch = (...args) => globalThis.fetch(...args),
    timeoutMs = TIMEOUT_MS,
    retries = RETRIES_MAX,
    batch = true,
    hooks = [],
  }: ClientOptions,
  timing: Timing,
): TRPCLink<AppRouter>[] {
  const http = { url, token, fetch };
  return [
    inputLink(),
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: streamLink(http),
      false: [retriesLink({ timing, timeoutMs, retries, hooks: hooksOf(hooks) }), httpLink({ ...http, batch })],
    }),
  ];
}

async function respond(
  client: TRPCUntypedClient<AppRouter>,
  { type, path, input, options: { signal, ...context } }: Request,
): Promise<CallResponse<unknown>> {
  let response: Parameters<ResponseHandler>[0] | undefined;
  const onResponse: ResponseHandler = (came) => {
    response = came;
  };
  const options = { context: { ...context, onResponse }, ...(signal && { signal }) };
  try {
    const data = await (type === 'query' ? client.query(path, input, options) : client.mutation(path, input, options));
    if (!response) throw new Error(`The call of ${path} was answered without a response.`);
    return { data, ...response };
  } catch (error) {
    throw callErrorOf(error);
  }
}
