import type { AppRouter } from '@baguni/api';
import { httpBatchLink, httpLink as httpSingleLink, type Operation, splitLink, type TRPCLink } from '@trpc/client';
import superjson from 'superjson';
import { Answer } from '../answers.ts';
import { Failure } from '../failures.ts';
import { CallerMemory } from './caller.ts';

/** How many calls travel in one request: as many as the server takes. */
const BATCH_SIZE_MAX = 10;
/** Proxies refuse longer ones; a batch of queries that would be longer is split, and a query that is longer by itself travels alone. */
const URL_LENGTH_MAX = 4_000;

/** A customer's JWT or an admin's API key, or a function that gives the current one; `undefined` for an anonymous call. */
export type Token = string | (() => string | undefined | Promise<string | undefined>) | undefined;

/** What the client needs of `fetch`; every runtime's own fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpSettings {
  url: string;
  token: Token;
  fetch: Fetch;
}

/** The server takes nothing but plain JSON, and answers with superjson because of the Dates. */
export const TRANSFORMER = {
  input: { serialize: (value: unknown) => value, deserialize: (value: unknown) => value },
  output: superjson,
};

/** Where the procedures of the server at this address are. */
export function trpcUrl(url: string): string {
  return `${url.replace(/\/+$/, '')}/trpc`;
}

/**
 * Sends the queries of one tick in one request, and every mutation in its own: an answer to a batch is ready when its
 * slowest call is, and a mutation may wait for a lock or a payment provider. A query whose headers are its own is alone
 * too, and one that is sent again: it is its first caller's, who may not be the caller of the others any more.
 */
export function httpLink({ url, token, fetch, batch }: HttpSettings & { batch: boolean }): TRPCLink<AppRouter> {
  const settings = {
    url: trpcUrl(url),
    transformer: TRANSFORMER,
    fetch: (input: unknown, init?: Omit<RequestInit, 'signal'> & { signal?: AbortSignal | null | undefined }) =>
      exchange(fetch, String(input), { ...init, signal: init?.signal ?? null }),
  };
  const headersFor = async (ops: readonly Operation[]) => {
    const headers: Record<string, string> = Object.assign({}, ...ops.map(ownHeadersOf), await headersOf(token));
    for (const { context } of ops) if (context.caller instanceof CallerMemory) context.caller.assertSame(headers);
    return headers;
  };
  const single = httpSingleLink<AppRouter>({
    ...settings,
    headers: ({ op }) => headersFor([op]),
  });
  if (!batch) return single;
  // tRPC does not send a batch that is too long, also if it is a batch of one.
  const isShort = ({ path, input }: Operation) => {
    const written = encodeURIComponent(JSON.stringify({ 0: input }));
    return `${settings.url}/${path}?batch=1&input=${written}`.length <= URL_LENGTH_MAX;
  };
  return splitLink({
    condition: (op) => op.type === 'query' && Object.keys(ownHeadersOf(op)).length === 0 && !wasSent(op) && isShort(op),
    true: httpBatchLink<AppRouter>({
      ...settings,
      maxItems: BATCH_SIZE_MAX,
      maxURLLength: URL_LENGTH_MAX,
      headers: ({ opList }) => headersFor(opList),
    }),
    false: single,
  });
}

/** The headers that hooks gave to this call. */
function ownHeadersOf({ context }: Operation): Record<string, string> {
  return isHeaders(context.headers) ? context.headers : {};
}

function wasSent({ context }: Operation): boolean {
  return context.caller instanceof CallerMemory && context.caller.isKnown;
}

function isHeaders(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}

export async function headersOf(token: Token): Promise<Record<string, string>> {
  let current: string | undefined;
  try {
    current = typeof token === 'function' ? await token() : token;
  } catch (cause) {
    throw tokenUnavailable('The token function failed.', cause);
  }
  if (current === undefined) return {};
  const trimmed = String(current).trim();
  // What `fetch` would say of it quotes it, and errors end up in logs.
  if (!/^[ -~\x80-\xff]*$/.test(trimmed)) throw tokenUnavailable('The token has characters that no header can carry.');
  return { authorization: `Bearer ${trimmed}` };
}

function tokenUnavailable(message: string, cause?: unknown): Failure {
  return new Failure({
    reason: 'TOKEN_UNAVAILABLE',
    message,
    details: {},
    retryable: false,
    mayHaveTakenEffect: false,
    cause,
  });
}

async function exchange(fetch: Fetch, url: string, init: RequestInit): Promise<Answer> {
  try {
    return await Answer.read(await fetch(url, init));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure({
      reason: 'CONNECTION_FAILED',
      message: `No answer from ${url.split('?', 1)[0]}: ${describe(cause)}.`,
      details: {},
      retryable: true,
      mayHaveTakenEffect: !wasNeverConnected(cause),
      cause,
    });
  }
}

const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether the request certainly did not leave. Node tells; browsers do not. */
function wasNeverConnected(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && NEVER_CONNECTED.has(code);
}

function describe(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : 'the connection failed');
}

// Node wraps the socket's error, whose code says more than the message "fetch failed".
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
