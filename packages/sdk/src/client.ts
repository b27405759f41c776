import type { AppRouter } from '@baguni/api';
import { createTRPCUntypedClient, splitLink, TRPCClientError, type TRPCLink } from '@trpc/client';
import { type Calls, callsOf, type Request, type StreamRequest } from './calls.ts';
import { BaguniError } from './errors.ts';
import { type Fetch, httpLink, type Token } from './links/http.ts';
import { inputLink } from './links/input.ts';
import { retriesLink } from './links/retries.ts';
import { streamLink } from './links/stream.ts';
import type { Procedures } from './procedures.ts';
import { followStream } from './streams.ts';
import { systemTiming, type Timing } from './timing.ts';

/** How long a call may take unless said otherwise, retries included. */
const TIMEOUT_MS = 30_000;

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:3000`. */
  url: string;
  /** A customer's JWT or an admin's API key, or a function that gives the current one; none for an anonymous client. */
  token?: Token;
  /** What sends the requests, instead of the runtime's own `fetch`. */
  fetch?: Fetch | undefined;
  /** How long a call may take, retries included, in milliseconds; 30,000 unless said otherwise. */
  timeoutMs?: number | undefined;
  /**
   * How long to wait before a call is sent again, in milliseconds, instead of what the client would wait by itself:
   * `() => 0` in a test whose server is in the same process.
   */
  retryDelay?: ((delayMs: number) => number) | undefined;
}

/** A shop, as one caller sees it. */
export interface Shop extends Calls<Procedures> {}

/** A client of the shop at `url`. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): Shop {
  return createTimedClient(options, systemTiming);
}

/** A client whose waiting is up to the caller, for tests. */
export function createTimedClient(options: ClientOptions, timing: Timing): Shop {
  const untyped = createTRPCUntypedClient({ links: linksOf(options, timing) });
  const send = async ({ type, path, input, options: { signal, ...context } }: Request) => {
    const options = { context, ...(signal && { signal }) };
    try {
      return await (type === 'query' ? untyped.query(path, input, options) : untyped.mutation(path, input, options));
    } catch (error) {
      throw error instanceof TRPCClientError && error.cause instanceof BaguniError ? error.cause : error;
    }
  };
  const follow = (request: StreamRequest) => followStream(untyped, request, timing);
  return callsOf({ send, follow });
}

/** The way of every call: made plain, given its key, retried, sent. */
export function linksOf(
  { url, token, fetch = (...args) => globalThis.fetch(...args), timeoutMs = TIMEOUT_MS, retryDelay }: ClientOptions,
  timing: Timing,
): TRPCLink<AppRouter>[] {
  const http = { url, token, fetch };
  return [
    inputLink(),
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: streamLink(http),
      false: [retriesLink({ timing, timeoutMs, retryDelay }), httpLink(http)],
    }),
  ];
}
