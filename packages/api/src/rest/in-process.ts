import { DomainError } from '../errors.ts';
import { answerRest, type BodyLimits, type RestAnswer, type RestHost } from './answer.ts';
import { findOperations } from './match.ts';
import { problemAnswer } from './problem.ts';
import { OPENAPI_PATH } from './routes.ts';

/** A request that came to a `fetch` instead of a port. */
export interface FetchedRequest {
  readonly id: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Answers as the server does, without a port. */
export async function answerInProcess(
  request: FetchedRequest,
  host: RestHost & { readonly bodyLimits: BodyLimits },
): Promise<Response> {
  const { id, method, url, headers } = request;
  if (url.pathname === OPENAPI_PATH) {
    const { openApiText } = await import('./openapi.ts');
    return jsonResponse(openApiText(), id);
  }
  const body = request.body === '' ? undefined : request.body;
  if (body !== undefined && !isJson(headers.get('content-type'))) {
    const refusal = new DomainError('MEDIA_TYPE_NOT_SUPPORTED', 'The body must be application/json.', {});
    return toResponse(problemAnswer(refusal, id));
  }
  if (body !== undefined && Buffer.byteLength(body) > limitOf(request, host.bodyLimits)) {
    const refusal = new DomainError('REQUEST_TOO_LARGE', 'The request is larger than the server takes.', {});
    return toResponse(problemAnswer(refusal, id));
  }
  const header = (name: string) => headers.get(name);
  const target = url.pathname + url.search;
  return toResponse(await answerRest({ id, method, url: target, header, body, signal: request.signal }, host));
}

function limitOf({ url, method }: FetchedRequest, { usual, bulk }: BodyLimits): number {
  return findOperations(url.pathname).get(method)?.operation.isBulk ? bulk : usual;
}

function toResponse({ status, headers, body }: RestAnswer): Response {
  if (typeof body === 'string') return new Response(body, { status, headers });
  return new Response(ReadableStream.from(body).pipeThrough(new TextEncoderStream()), { status, headers });
}

function jsonResponse(body: string, requestId: string): Response {
  return toResponse({ status: 200, headers: { 'content-type': 'application/json', 'x-request-id': requestId }, body });
}

function isJson(contentType: string | null): boolean {
  return contentType?.toLowerCase().split(';', 1)[0]?.trim() === 'application/json';
}
