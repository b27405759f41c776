import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { callProcedure } from '../procedure-calls.ts';
import { breakageOf, failedCallOf, refusalOf } from '../procedures.ts';
import { readInput } from './input.ts';
import { findOperations, type Match } from './match.ts';
import { notHere, problemAnswer } from './problem.ts';
import { eventStream } from './stream.ts';

/** A request, whichever host it came to. */
export interface RestRequest {
  readonly id: string;
  readonly method: string;
  /** The path and the query string. */
  readonly url: string;
  readonly header: (name: string) => string | null | undefined;
  readonly body: string | undefined;
  /** Says that the caller has gone. */
  readonly signal: AbortSignal | undefined;
}

/** How large a body may be, in bytes. */
export interface BodyLimits {
  readonly usual: number;
  /** For the operations that change many rows. */
  readonly bulk: number;
}

/** What each host does for a request. */
export interface RestHost {
  readonly createContext: () => Promise<Context>;
  readonly onInternalError: (failed: { requestId: string; path: string | undefined; error: unknown }) => void;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; of a stream, piece by piece. */
  readonly body: string | AsyncGenerator<string, void>;
}

/** Answers a request for a REST path by calling the procedure behind it, the very one that the SDK calls. */
export async function answerRest(request: RestRequest, host: RestHost): Promise<RestAnswer> {
  const { path, query } = partsOf(request.url);
  const matches = findOperations(path);
  const isHead = request.method === 'HEAD';
  const match = matches.get(isHead ? 'GET' : request.method);
  // A stream without its body would never end, and say nothing.
  if (!match || (isHead && match.operation.type === 'subscription'))
    return noSuchOperation([...matches.keys()], request.id);
  const { id } = match.operation;
  try {
    const answer = await call(match, { request, query, ctx: await host.createContext() });
    const headers = { 'x-request-id': request.id };
    if (match.operation.type === 'subscription') {
      const body = eventStream(answer, (error) => host.onInternalError({ requestId: request.id, path: id, error }));
      return {
        status: 200,
        headers: { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
        body,
      };
    }
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/json', ...linkToNext({ path, query }, answer) },
      body: JSON.stringify(answer),
    };
  } catch (cause) {
    const error = failedCallOf(cause);
    const broken = breakageOf(error);
    if (broken !== undefined) host.onInternalError({ requestId: request.id, path: id, error: broken });
    return problemAnswer(refusalOf(error, request.id), request.id);
  }
}

async function call(
  match: Match,
  { request, query, ctx }: { request: RestRequest; query: URLSearchParams; ctx: Context },
): Promise<unknown> {
  const { id, type, input } = match.operation;
  const read = () => readInput(match, { query, body: request.body, header: request.header });
  // A procedure without an input never asks for it, and would let pass whatever is there.
  if (!input) read();
  const { signal } = request;
  const { data } = await callProcedure({ path: id, type, ctx, rawInput: read, signal, batchIndex: 0 });
  return data;
}

function partsOf(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function noSuchOperation(methods: readonly string[], requestId: string): RestAnswer {
  if (methods.length === 0) return problemAnswer(notHere(), requestId);
  const allow = methods.join(', ');
  const refusal = new DomainError('METHOD_NOT_SUPPORTED', `What is here is called with ${allow}.`, {});
  const answer = problemAnswer(refusal, requestId);
  return { ...answer, headers: { ...answer.headers, allow } };
}

/** Where the next page is, for programs that follow links (RFC 8288). */
function linkToNext(
  { path, query }: { path: string; query: URLSearchParams },
  answer: unknown,
): Record<string, string> {
  if (!(answer instanceof Object) || !('nextCursor' in answer) || typeof answer.nextCursor !== 'string') return {};
  const next = new URLSearchParams(query);
  next.set('cursor', answer.nextCursor);
  return { link: `<${path}?${next}>; rel="next"` };
}
