import type { AppRouter } from '@baguni/api';
import { type Operation, type OperationResultEnvelope, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { Answer, failureOf } from '../answers.ts';
import { BaguniError, OutcomeUnknown, type ResolveOptions } from '../errors.ts';
import { errorOf, Failure, isFinalForKey } from '../failures.ts';
import type { CallInfo, Hooks } from '../hooks.ts';
import type { CallResponse } from '../responses.ts';
import { assertCount, assertTimeout } from '../settings.ts';
import { backoffMs, type Timing } from '../timing.ts';
import { CallerMemory } from './caller.ts';
import { keyIn } from './input.ts';

/** When asking again for an unknown outcome makes sense. */
const ASK_AGAIN_AFTER_MS = 1_000;

export interface RetrySettings {
  readonly timing: Timing;
  readonly timeoutMs: number;
  readonly retries: number;
  /** How long to wait instead of what it would wait by itself. */
  readonly retryDelay: ((delayMs: number) => number) | undefined;
  readonly hooks: Required<Hooks>;
}

/** Told what came along with an answer. */
export type ResponseHandler = (response: Omit<CallResponse<unknown>, 'data'>) => void;

type Envelope = OperationResultEnvelope<unknown, TRPCClientError<AppRouter>>;

/** One call, which may be sent any number of times. */
interface Call extends CallInfo {
  readonly send: (signal: AbortSignal, headers: Record<string, string>) => Promise<Envelope>;
}

interface Bounds {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Whether an earlier attempt may have taken effect without telling. */
  readonly isOutcomeOpen?: boolean;
}

/** Sends a call again, with the same idempotency key, until it is answered, its deadline has come or its retries are used up. */
export function retriesLink(settings: RetrySettings): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const { path, context } = op;
        const unsubscribed = new AbortController();
        const type = op.type === 'mutation' ? 'mutation' : 'query';
        const idempotencyKey = type === 'mutation' ? keyIn(op.input) : undefined;
        // One for all attempts, also for those of `resolve()`.
        const caller = new CallerMemory();
        const send: Call['send'] = (signal, headers) => sendOnce({ ...op, signal, context: { headers, caller } }, next);
        sendUntilAnswered({ path, type, idempotencyKey, send }, settings, {
          timeoutMs: numberOr(context.timeoutMs, settings.timeoutMs),
          retries: numberOr(context.retries, settings.retries),
          signals: [op.signal ?? undefined, unsubscribed.signal],
        }).then(
          ({ envelope, response }) => {
            if (isResponseHandler(context.onResponse)) context.onResponse(response);
            observer.next(envelope);
            observer.complete();
          },
          (error) => observer.error(error),
        );
        return () => unsubscribed.abort();
      });
}

function sendOnce(op: Operation, next: Parameters<ReturnType<TRPCLink<AppRouter>>>[0]['next']): Promise<Envelope> {
  return new Promise((resolve, reject) => {
    // A call that is given up is rejected here and now: the link below only does so once its whole batch is given up.
    op.signal?.addEventListener('abort', () => reject(op.signal?.reason), { once: true });
    next(op).subscribe({ next: resolve, error: reject });
  });
}

async function sendUntilAnswered(
  call: Call,
  settings: RetrySettings,
  bounds: Bounds,
): Promise<{ envelope: Envelope; response: Omit<CallResponse<unknown>, 'data'> }> {
  const { timing, hooks, retryDelay = (delayMs) => delayMs } = settings;
  const { timeoutMs, retries, signals, isOutcomeOpen: wasOutcomeOpen = false } = bounds;
  assertTimeout(timeoutMs);
  assertCount('retries', retries);
  const { idempotencyKey } = call;
  const startedAt = timing.now();
  const gaveUp = new AbortController();
  const cancelDeadline = timing.after(timeoutMs, () => gaveUp.abort(timedOut(timeoutMs)));
  const settled = new AbortController();
  for (const signal of signals) {
    const giveUp = () => gaveUp.abort(aborted(signal?.reason));
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true, signal: settled.signal });
  }
  let isOutcomeOpen = wasOutcomeOpen;
  try {
    gaveUp.signal.throwIfAborted();
    for (let attempts = 1; ; attempts++) {
      try {
        const { envelope, ...answer } = await attempt(call, attempts, gaveUp.signal, settings);
        const durationMs = timing.now() - startedAt;
        return { envelope, response: { ...answer, idempotencyKey, attempts, durationMs } };
      } catch (rejection) {
        const failure = failureOf(rejection);
        isOutcomeOpen = failure.mayHaveTakenEffect || (isOutcomeOpen && !isFinalForKey(failure));
        const delayMs = retryDelay((failure.retryAfterMs ?? 0) + backoffMs(attempts, timing));
        const canWait = timing.now() + delayMs < startedAt + timeoutMs;
        if (!failure.retryable || gaveUp.signal.aborted || attempts > retries || !canWait) throw failure;
        hooks.onRetry({ call, attempt: attempts + 1, delayMs, failure: describe(failure) });
        if (delayMs > 0) await wait(delayMs, timing, gaveUp.signal);
      }
    }
  } catch (rejection) {
    const failure = failureOf(rejection);
    const isUnknown = call.type === 'mutation' && isOutcomeOpen && failure.reason !== 'ABORTED';
    const error = isUnknown ? outcomeUnknown(failure, call, settings) : errorOf(failure, idempotencyKey);
    const { shape } = failure;
    throw new TRPCClientError(error.message, {
      cause: error,
      ...(shape?.data.reason === error.reason && { result: { error: shape } }),
    });
  } finally {
    cancelDeadline();
    // A reason of its own: the one that is made up otherwise is an error, with a stack that nobody reads.
    settled.abort('settled');
  }
}

async function attempt(call: Call, attempt: number, signal: AbortSignal, { timing, hooks }: RetrySettings) {
  const headers: Record<string, string> = {};
  hooks.onRequest({ call, attempt, headers });
  const sentAt = timing.now();
  const onResponse = (status: number | undefined, requestId: string | undefined, failure?: Failure) => {
    const durationMs = timing.now() - sentAt;
    hooks.onResponse({ call, attempt, status, requestId, durationMs, failure: failure && describe(failure) });
  };
  try {
    const envelope = await call.send(signal, headers);
    const answer = envelope.context?.response;
    const { statusOfSuccess: status = 200, requestId } = answer instanceof Answer ? answer : {};
    onResponse(status, requestId);
    return { envelope, status, requestId };
  } catch (rejection) {
    const failure = failureOf(rejection);
    onResponse(failure.status, failure.requestId, failure);
    throw failure;
  }
}

function describe({ reason, message, retryable }: Failure) {
  return { reason, message, retryable };
}

function wait(delayMs: number, timing: Timing, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = timing.after(delayMs, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        reject(signal.reason);
      },
      { once: true },
    );
  });
}

function outcomeUnknown(last: Failure, call: Call, settings: RetrySettings): OutcomeUnknown {
  const isOwn = last.reason === 'OUTCOME_UNKNOWN';
  return new OutcomeUnknown({
    path: call.path,
    message: isOwn
      ? last.message
      : `The call may have taken effect or not; the same call with the same idempotency key tells. (${last.message})`,
    requestId: last.requestId,
    idempotencyKey: call.idempotencyKey,
    retryAfterMs: last.retryAfterMs ?? ASK_AGAIN_AFTER_MS,
    resolve: (options) => askAgain(call, settings, options),
    cause: isOwn ? last.cause : errorOf(last, call.idempotencyKey),
  });
}

/** As often as the deadline allows, and without taking for a failure what says nothing of the earlier attempts. */
async function askAgain(
  call: Call,
  settings: RetrySettings,
  { timeoutMs = settings.timeoutMs, retries = Number.POSITIVE_INFINITY, signal }: ResolveOptions = {},
): Promise<unknown> {
  try {
    const bounds = { timeoutMs, retries, signals: [signal], isOutcomeOpen: true };
    const { envelope } = await sendUntilAnswered(call, settings, bounds);
    return 'data' in envelope.result ? envelope.result.data : undefined;
  } catch (error) {
    throw callErrorOf(error);
  }
}

/** What a call throws, out of what tRPC wraps it in. */
export function callErrorOf(error: unknown): unknown {
  return error instanceof TRPCClientError && error.cause instanceof BaguniError ? error.cause : error;
}

function timedOut(timeoutMs: number): Failure {
  return new Failure({
    reason: 'TIMED_OUT',
    message: `No answer within ${timeoutMs} ms.`,
    details: { timeoutMs },
    retryable: true,
    mayHaveTakenEffect: true,
  });
}

function aborted(cause: unknown): Failure {
  return new Failure({
    reason: 'ABORTED',
    message: 'The call was aborted.',
    details: {},
    retryable: false,
    mayHaveTakenEffect: true,
    cause,
  });
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function isResponseHandler(value: unknown): value is ResponseHandler {
  return typeof value === 'function';
}
