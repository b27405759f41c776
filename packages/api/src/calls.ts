import { superjsonForm } from '@baguni/db';
import { TRPCError, type TRPCProcedureType } from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { CheckedAnswer } from './answer-shape.ts';
import type { Context } from './context.ts';
import { callProcedure, PROCEDURES } from './procedure-calls.ts';
import { type ErrorShape, type FailedCall, failedCallOf, refusalOf, toErrorShape } from './procedures.ts';
import type { SharedReads } from './shared-reads.ts';

/** How many calls one request may carry. */
export const BATCH_SIZE_MAX = 10;

/** What a host knows of a request for procedures. */
export interface CallsRequest {
  readonly method: string;
  /** The names of the procedures, as they stand in the URL. */
  readonly path: string;
  /** The query of the URL, without its question mark. */
  readonly query: string;
  readonly header: (name: 'content-type' | 'accept' | 'trpc-accept') => string | null | undefined;
  readonly body: string | undefined;
}

/** What each host does for the calls. */
export interface CallsHost {
  /** Finds the request in the server's log. */
  readonly requestId: string;
  /** Whether the caller has said nothing of who they are. */
  readonly isAnonymous: boolean;
  /** Where callers who ask for the same share an answer; one for each shop. */
  readonly sharedReads: SharedReads<CallsAnswer>;
  readonly createContext: () => Promise<Context>;
  readonly onError: (failed: { error: FailedCall; path?: string | undefined; ctx?: Context | undefined }) => void;
}

/** An answer to all calls of a request. Its headers are always `ANSWER_HEADERS`. */
export interface CallsAnswer {
  readonly status: number;
  readonly body: string;
}

export const ANSWER_HEADERS = { 'content-type': 'application/json', vary: 'trpc-accept, accept' } as const;

/** The calls that a request carries, ready to be answered. */
export interface Calls {
  readonly method: string;
  /** What is asked, in the caller's words. */
  readonly question: string;
  readonly isBatch: boolean;
  readonly procedures: readonly { readonly path: string; readonly type: TRPCProcedureType | undefined }[];
  readonly inputs: Inputs;
}

const TYPES: ReadonlyMap<string, TRPCProcedureType> = new Map(
  [...PROCEDURES].map(([path, { _def }]) => [path, _def.type]),
);
const METHODS = { query: 'GET', mutation: 'POST', subscription: 'GET' } as const;

/**
 * Reads a plain request: queries, or mutations, whose answer is one piece of JSON. Of anything else, such as streams
 * and what cannot be read, it makes nothing: that is for tRPC's own adapters, which this file agrees with to the byte
 * at a fraction of their cost.
 */
export function readCalls(request: CallsRequest): Calls | undefined {
  const { method, header } = request;
  if (method !== 'GET' && method !== 'POST') return undefined;
  if (!isPlainContent(method, header('content-type')) || header('trpc-accept') != null) return undefined;
  if (header('accept')?.includes('jsonl')) return undefined;
  const path = decode(request.path);
  const query = new URLSearchParams(request.query);
  if (path === undefined || query.has('connectionParams')) return undefined;
  const isBatch = query.get('batch') === '1';
  const procedures = (isBatch ? path.split(',') : [path]).map((each) => ({ path: each, type: TYPES.get(each) }));
  const types = new Set(procedures.flatMap(({ type }) => type ?? []));
  if (procedures.length > BATCH_SIZE_MAX || types.size > 1 || types.has('subscription')) return undefined;
  const text = method === 'GET' ? query.get('input') : (request.body ?? '');
  const question = `${request.path}?${request.query}`;
  return { method, question, isBatch, procedures, inputs: new Inputs(text, method, isBatch) };
}

/** Whether a path names a stream, which goes on for as long as its caller listens. */
export function isStream(path: string): boolean {
  return TYPES.get(path) === 'subscription';
}

/** Carries the calls out, and writes their answers as tRPC writes them. */
export async function answerCalls(calls: Calls, host: CallsHost): Promise<CallsAnswer> {
  if (!host.isAnonymous || calls.method !== 'GET') return answerAlone(calls, host);
  let isOwn = false;
  const answer = await host.sharedReads.ask(calls.question, () => {
    isOwn = true;
    return answerAlone(calls, host);
  });
  // A failure is for the one who met it: it carries the id of that request.
  return isOwn || answer.status === 200 ? answer : answerAlone(calls, host);
}

async function answerAlone(calls: Calls, host: CallsHost): Promise<CallsAnswer> {
  const context = await settle(host.createContext());
  const ctx = context.value;
  const responses = await Promise.all(
    calls.procedures.map(async ({ path }, index): Promise<Response> => {
      const { value: result, error } = await settle(callOne(calls, index, context));
      if (!error) return { result };
      host.onError({ error, path, ctx });
      return { error: toErrorShape(refusalOf(error, host.requestId), host.requestId, path) };
    }),
  );
  try {
    const written = responses.map(write);
    return {
      status: getHTTPStatusCode(responses),
      body: calls.isBatch ? `[${written.join()}]` : written.join(),
    };
  } catch (cause) {
    const error = failedCallOf(cause);
    host.onError({ error, ctx });
    const shape = toErrorShape(refusalOf(error, host.requestId), host.requestId);
    return { status: getHTTPStatusCode({ error: shape }), body: write({ error: shape }) };
  }
}

type Response = { readonly result: CheckedAnswer } | { readonly error: ErrorShape };

async function callOne(
  { procedures, method, inputs }: Calls,
  index: number,
  context: Settled<Context>,
): Promise<CheckedAnswer> {
  const { path = '', type } = procedures[index] ?? {};
  if (!type) throw new TRPCError({ code: 'NOT_FOUND' });
  if (METHODS[type] !== method) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
  if (context.error) throw context.error;
  return callProcedure({
    path,
    type,
    ctx: context.value,
    rawInput: () => inputs.at(index),
    // Only streams go on after their caller has gone, and they are not answered here.
    signal: undefined,
    batchIndex: index,
  });
}

function write(response: Response): string {
  if ('error' in response) return `{"error":${JSON.stringify(superjsonForm.serialize(response.error))}}`;
  const { data, dates } = response.result;
  return `{"result":{"data":${dates ? superjsonForm.textOf(data, dates) : JSON.stringify(superjsonForm.serialize(data))}}}`;
}

/** What the calls of a request are given, parsed when the first of them asks. */
class Inputs {
  readonly #text: string | null;
  readonly #method: string;
  readonly #isBatch: boolean;
  #parsed: { readonly value: unknown } | undefined;

  constructor(text: string | null, method: string, isBatch: boolean) {
    this.#text = text;
    this.#method = method;
    this.#isBatch = isBatch;
  }

  at(index: number): unknown {
    this.#parsed ??= { value: this.#parse() };
    const { value } = this.#parsed;
    if (!this.#isBatch || value === undefined) return value;
    if (!(value instanceof Object) || Array.isArray(value)) throw new TRPCError({ code: 'BAD_REQUEST' });
    return Reflect.get(value, index);
  }

  #parse(): unknown {
    if (this.#method === 'GET' && !this.#text) return undefined;
    try {
      // What a body is decoded by leaves a byte order mark out.
      return JSON.parse(this.#method === 'GET' ? (this.#text ?? '') : (this.#text ?? '').replace(/^\uFEFF/, ''));
    } catch (cause) {
      throw new TRPCError({ code: 'BAD_REQUEST', cause });
    }
  }
}

// Media types go in upper or lower case, and may have parameters.
function isPlainContent(method: string, contentType: string | null | undefined): boolean {
  if (contentType === 'application/json') return true;
  if (contentType == null) return method === 'GET';
  return contentType.toLowerCase().split(';', 1)[0]?.trim() === 'application/json';
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** How something ended: one of the two is there. */
type Settled<Value> = { value: Value; error?: undefined } | { value?: undefined; error: FailedCall };

async function settle<Value>(pending: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { value: await pending };
  } catch (cause) {
    return { error: failedCallOf(cause) };
  }
}
