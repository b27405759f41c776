import { randomUUID } from 'node:crypto';
import { transformTRPCResponse } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { ANSWER_HEADERS, answerCalls, BATCH_SIZE_MAX, type CallsAnswer, readCalls } from './calls.ts';
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import {
  asTrpcError,
  breakageOf,
  type FailedCall,
  failedCallOf,
  refusalOf,
  requestIds,
  toErrorShape,
} from './procedures.ts';
import { answerInProcess } from './rest/in-process.ts';
import { isRestPath } from './rest/routes.ts';
import { appRouter } from './router.ts';
import { SharedReads } from './shared-reads.ts';
import type { Shop } from './shop.ts';
import { type InboundWebhook, receiveWebhook, WEBHOOKS_PATH } from './webhooks.ts';

/** Where the procedures live. */
export const TRPC_PATH = '/trpc';
/** How large a request's body may be. */
export const BODY_BYTES_MAX = 64 * 1024;
/** How large it may be for the procedures that change many rows: 500 products with the longest descriptions fit. */
export const BULK_BODY_BYTES_MAX = 4 * 1024 * 1024;
const BODY_LIMITS = { usual: BODY_BYTES_MAX, bulk: BULK_BODY_BYTES_MAX };
/** The paths of those procedures, also where they are called beside others. */
export const BULK_PATH = '^.*products\\.(?:createMany|adjustStocks).*$';

/** What the server logs of a call that failed inside. */
export interface InternalError {
  readonly requestId: string;
  readonly path: string | undefined;
  readonly error: unknown;
}

/** What both hosts, Fastify and in-process `fetch`, give to tRPC. */
export function trpcSettings(onInternalError: (failed: InternalError) => void) {
  return {
    router: appRouter,
    maxBatchSize: BATCH_SIZE_MAX,
    onError({ error, path, ctx }: { error: FailedCall; path?: string | undefined; ctx?: Context | undefined }) {
      const broken = breakageOf(error);
      if (broken !== undefined) onInternalError({ requestId: ctx?.requestId ?? '', path, error: broken });
    },
  };
}

export async function createContext(
  shop: Shop,
  authorization: string | undefined,
  requestId: string,
): Promise<Context> {
  try {
    return { shop, actor: await shop.authenticator.authenticate(authorization), requestId };
  } catch (error) {
    throw error instanceof DomainError ? asTrpcError(error) : error;
  }
}

/** The whole wire without a port: a `fetch` that the engine itself answers. */
export function createFetch(shop: Shop, onInternalError: (failed: InternalError) => void): typeof globalThis.fetch {
  const settings = trpcSettings(onInternalError);
  const sharedReads = new SharedReads<CallsAnswer>();
  return async (resource, init) => {
    const requestId = randomUUID();
    const received = await receive(resource, init);
    const { url, method, headers, body } = received;
    const authorization = headers.get('authorization') ?? undefined;
    const createContextNow = () => createContext(shop, authorization, requestId);
    if (isRestPath(url.pathname)) {
      const host = { createContext: createContextNow, onInternalError, bodyLimits: BODY_LIMITS };
      return answerInProcess({ id: requestId, url, method, headers, body, signal: received.signal }, host);
    }
    const bytesMax = BULK.test(url.pathname) ? BULK_BODY_BYTES_MAX : BODY_BYTES_MAX;
    if (body !== undefined && Buffer.byteLength(body) > bytesMax) return refusalResponse(tooLarge(), requestId);
    const webhookMethod = webhookMethodOf(received);
    if (webhookMethod !== undefined) {
      const webhook = { method: webhookMethod, body: body ?? '', headers };
      return webhookResponse(shop, webhook, { requestId, onInternalError });
    }
    const path = proceduresIn(url);
    const calls =
      path !== undefined &&
      readCalls({ method, path, query: url.search.slice(1), header: (name) => headers.get(name), body });
    if (calls) {
      const { onError } = settings;
      const isAnonymous = authorization === undefined;
      const host = { requestId, createContext: createContextNow, onError, isAnonymous, sharedReads };
      const answer = await answerCalls(calls, host);
      const answerHeaders = { ...ANSWER_HEADERS, 'x-request-id': requestId };
      return new Response(answer.body, { status: answer.status, headers: answerHeaders });
    }
    return requestIds.run(requestId, () =>
      fetchRequestHandler({
        ...settings,
        endpoint: TRPC_PATH,
        responseMeta: () => ({ headers: new Headers({ 'x-request-id': requestId }) }),
        req: received.toRequest(),
        createContext: createContextNow,
      }),
    );
  };
}

const BULK = new RegExp(BULK_PATH);

/** A request whose body is here. */
interface Received {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** The same request, to be read by others. */
  toRequest(): Request;
}

// Most requests come from our client, as a URL and text. A `Request` would only turn them into streams and back.
async function receive(resource: string | URL | Request, init: RequestInit = {}): Promise<Received> {
  const { method = 'GET', body } = init;
  const headers = new Headers(init.headers);
  const isPlain =
    method === 'POST' ? typeof body === 'string' && headers.has('content-type') : method === 'GET' && !body;
  if (typeof resource === 'string' && isPlain) {
    return {
      url: new URL(resource),
      method,
      headers,
      body: typeof body === 'string' ? body.toWellFormed() : undefined,
      signal: init.signal ?? undefined,
      toRequest: () => new Request(resource, init),
    };
  }
  const request = new Request(resource, init);
  const bytes = request.body === null ? undefined : await request.arrayBuffer();
  return {
    url: new URL(request.url),
    method: request.method,
    headers: request.headers,
    body: bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    signal: request.signal,
    toRequest: () =>
      new Request(request.url, {
        method: request.method,
        headers: request.headers,
        ...(bytes && { body: bytes }),
        signal: request.signal,
      }),
  };
}

/** The names of the procedures in a URL, where they stand as a client writes them. */
function proceduresIn({ pathname }: URL): string | undefined {
  const names = pathname.startsWith(`${TRPC_PATH}/`) ? pathname.slice(TRPC_PATH.length + 1) : '';
  return names === '' || names.startsWith('/') || names.endsWith('/') ? undefined : names;
}

function webhookMethodOf({ method, url: { pathname } }: Received): string | undefined {
  if (method !== 'POST' || !pathname.startsWith(`${WEBHOOKS_PATH}/`)) return undefined;
  return pathname.slice(WEBHOOKS_PATH.length + 1);
}

async function webhookResponse(
  shop: Shop,
  webhook: InboundWebhook,
  { requestId, onInternalError }: { requestId: string; onInternalError: (failed: InternalError) => void },
): Promise<Response> {
  try {
    await receiveWebhook(shop, webhook);
    return new Response(null, { status: 204 });
  } catch (cause) {
    const error = failedCallOf(cause);
    if (breakageOf(error) !== undefined) onInternalError({ requestId, path: undefined, error: cause });
    return refusalResponse(refusalOf(error, requestId), requestId);
  }
}

export function tooLarge(): DomainError {
  return new DomainError('REQUEST_TOO_LARGE', 'The request is larger than the server takes.', {});
}

/** A refusal before any procedure is reached, in the shape that every refusal has. */
export function refusalAnswer(refusal: DomainError, requestId: string) {
  const error = toErrorShape(refusal, requestId);
  return { status: error.data.httpStatus, body: transformTRPCResponse(appRouter._def._config, { error }) };
}

function refusalResponse(refusal: DomainError, requestId: string): Response {
  const { status, body } = refusalAnswer(refusal, requestId);
  return Response.json(body, { status, headers: { 'x-request-id': requestId } });
}
