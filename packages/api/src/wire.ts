import { randomUUID } from 'node:crypto';
import { type TRPCError, transformTRPCResponse } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import { asTrpcError, requestIds, toErrorShape } from './procedures.ts';
import { appRouter } from './router.ts';
import type { Shop } from './shop.ts';
import { type InboundWebhook, receiveWebhook, WEBHOOKS_PATH } from './webhooks.ts';

/** Where the procedures live. */
export const TRPC_PATH = '/trpc';
/** How many calls one request may carry. */
export const BATCH_SIZE_MAX = 10;
/** How large a request's body may be. */
export const BODY_BYTES_MAX = 64 * 1024;
/** How large it may be for the procedures that change many rows: 500 products with the longest descriptions fit. */
export const BULK_BODY_BYTES_MAX = 4 * 1024 * 1024;
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
    onError({ error, path, ctx }: { error: TRPCError; path?: string | undefined; ctx?: Context | undefined }) {
      if (error.code !== 'INTERNAL_SERVER_ERROR') return;
      onInternalError({ requestId: ctx?.requestId ?? '', path, error: error.cause ?? error });
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
export function createFetch(
  shop: Shop,
  onInternalError: (failed: InternalError) => void,
): (request: Request) => Promise<Response> {
  const settings = trpcSettings(onInternalError);
  return async (req) => {
    const requestId = randomUUID();
    const body = req.body === null ? undefined : await req.arrayBuffer();
    const bytesMax = new RegExp(BULK_PATH).test(new URL(req.url).pathname) ? BULK_BODY_BYTES_MAX : BODY_BYTES_MAX;
    if (body && body.byteLength > bytesMax) return refusalResponse(tooLarge(), requestId);
    const method = webhookMethodOf(req);
    if (method !== undefined) {
      return webhookResponse(shop, { method, body: new TextDecoder().decode(body), headers: req.headers }, requestId);
    }
    return requestIds.run(requestId, () =>
      fetchRequestHandler({
        ...settings,
        endpoint: TRPC_PATH,
        responseMeta: () => ({ headers: new Headers({ 'x-request-id': requestId }) }),
        req: new Request(req.url, {
          method: req.method,
          headers: req.headers,
          ...(body && { body }),
          signal: req.signal,
        }),
        createContext: () => createContext(shop, req.headers.get('authorization') ?? undefined, requestId),
      }),
    );
  };
}

function webhookMethodOf({ method, url }: Request): string | undefined {
  const { pathname } = new URL(url);
  if (method !== 'POST' || !pathname.startsWith(`${WEBHOOKS_PATH}/`)) return undefined;
  return decodeURIComponent(pathname.slice(WEBHOOKS_PATH.length + 1));
}

async function webhookResponse(shop: Shop, webhook: InboundWebhook, requestId: string): Promise<Response> {
  try {
    await receiveWebhook(shop, webhook);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof DomainError) return refusalResponse(error, requestId);
    throw error;
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

export function refusalResponse(refusal: DomainError, requestId: string): Response {
  const { status, body } = refusalAnswer(refusal, requestId);
  return Response.json(body, { status, headers: { 'x-request-id': requestId } });
}
