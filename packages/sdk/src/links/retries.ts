import type { AppRouter } from '@baguni/api';
import { type Operation, type OperationResultEnvelope, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { failureOf } from '../answers.ts';
import { BaguniError } from '../errors.ts';
import { Failure, isFinalForKey } from '../failures.ts';
import type { Timing } from '../timing.ts';
import { keyIn } from './input.ts';

/** How often a call is sent again at most. */
export const RETRIES_MAX = 3;
/** The longest wait before the first retry; it doubles with each. */
const BACKOFF_MS = 200;
const BACKOFF_MAX_MS = 5_000;
/** When asking again for an unknown outcome makes sense. */
const ASK_AGAIN_AFTER_MS = 1_000;

type Envelope = OperationResultEnvelope<unknown, TRPCClientError<AppRouter>>;
type Send = (signal: AbortSignal) => Promise<Envelope>;

interface RetrySettings {
  timing: Timing;
  /** How long a call may take, retries included, if it does not say so itself. */
  timeoutMs: number;
  /** How long to wait instead of what it would wait by itself. */
  retryDelay: ((delayMs: number) => number) | undefined;
}

/** Sends a call again, with the same idempotency key, until it is answered, its deadline has come or its retries are used up. */
export function retriesLink({ timing, timeoutMs, retryDelay }: RetrySettings): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const unsubscribed = new AbortController();
        const ownTimeoutMs = op.context.timeoutMs;
        sendUntilAnswered(op, (signal) => sendOnce({ ...op, signal }, next), {
          timing,
          retryDelay,
          timeoutMs: typeof ownTimeoutMs === 'number' ? ownTimeoutMs : timeoutMs,
          signals: op.signal ? [op.signal, unsubscribed.signal] : [unsubscribed.signal],
        }).then(
          (envelope) => {
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
  op: Operation,
  send: Send,
  { timing, timeoutMs, retryDelay = itself, signals }: RetrySettings & { signals: readonly AbortSignal[] },
): Promise<Envelope> {
  const deadline = timing.now() + timeoutMs;
  const gaveUp = new AbortController();
  const cancelDeadline = timing.after(timeoutMs, () => gaveUp.abort(timedOut(timeoutMs)));
  const settled = new AbortController();
  for (const signal of signals) {
    const giveUp = () => gaveUp.abort(aborted(signal.reason));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true, signal: settled.signal });
  }
  // Whether an earlier or this attempt may have taken effect without telling.
  let isOutcomeOpen = false;
  try {
    gaveUp.signal.throwIfAborted();
    for (let retries = 0; ; retries++) {
      try {
        return await send(gaveUp.signal);
      } catch (rejection) {
        const failure = failureOf(rejection);
        isOutcomeOpen = failure.mayHaveTakenEffect || (isOutcomeOpen && !isFinalForKey(failure));
        const delayMs = retryDelay(delayBefore(retries + 1, failure, timing));
        const canWait = timing.now() + delayMs < deadline;
        if (!failure.retryable || gaveUp.signal.aborted || retries >= RETRIES_MAX || !canWait) throw failure;
        if (delayMs > 0) await wait(delayMs, timing, gaveUp.signal);
      }
    }
  } catch (failure) {
    throw toError(failureOf(failure), op, isOutcomeOpen);
  } finally {
    cancelDeadline();
    settled.abort();
  }
}

function itself(delayMs: number): number {
  return delayMs;
}

/** Exponential backoff with full jitter, so that those who were turned away together do not come back together. */
function delayBefore(retry: number, { retryAfterMs = 0 }: Failure, timing: Timing): number {
  return retryAfterMs + timing.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (retry - 1));
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

function toError(failure: Failure, op: Operation, isOutcomeOpen: boolean): TRPCClientError<AppRouter> {
  const idempotencyKey = op.type === 'mutation' ? keyIn(op.input) : undefined;
  const { reason, message, details, retryable, shape } = failure;
  const error = new BaguniError({
    reason,
    message,
    details,
    retryable,
    requestId: shape?.data.requestId,
    idempotencyKey,
    cause: failure.cause,
  });
  const isUnknown = op.type === 'mutation' && isOutcomeOpen && reason !== 'ABORTED' && reason !== 'OUTCOME_UNKNOWN';
  if (isUnknown) return new TRPCClientError(error.message, { cause: outcomeUnknown(error) });
  return new TRPCClientError(message, { cause: error, ...(shape && { result: { error: shape } }) });
}

function outcomeUnknown(last: BaguniError): BaguniError<'OUTCOME_UNKNOWN'> {
  return new BaguniError({
    reason: 'OUTCOME_UNKNOWN',
    message: `The call may have taken effect or not; the same call with the same idempotency key tells. (${last.message})`,
    details: { retryAfterMs: ASK_AGAIN_AFTER_MS },
    retryable: true,
    requestId: last.requestId,
    idempotencyKey: last.idempotencyKey,
    cause: last,
  });
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
