import type { AppRouter } from '@baguni/api';
import type { inferRouterError } from '@trpc/server';
import type { Reason, ReasonDetails } from './errors.ts';

export type Shape = inferRouterError<AppRouter>;

interface FailureInit<R extends Reason> {
  reason: R;
  message: string;
  details: ReasonDetails[R];
  retryable: boolean;
  /** Whether the attempt may have changed something all the same. */
  mayHaveTakenEffect: boolean;
  /** When the server wants to be asked again. */
  retryAfterMs?: number | undefined;
  /** What the server said. */
  shape?: Shape | undefined;
  cause?: unknown;
}

/** How one attempt at a call failed. */
export class Failure<R extends Reason = Reason> extends Error {
  readonly reason: R;
  readonly details: ReasonDetails[R];
  readonly retryable: boolean;
  readonly mayHaveTakenEffect: boolean;
  readonly retryAfterMs: number | undefined;
  readonly shape: Shape | undefined;

  constructor({ reason, message, details, retryable, mayHaveTakenEffect, retryAfterMs, shape, cause }: FailureInit<R>) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.details = details;
    this.retryable = retryable;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
    this.retryAfterMs = retryAfterMs;
    this.shape = shape;
  }
}

// What the server says before it looks at the idempotency key. It tells nothing of an earlier attempt with that key.
const SAID_BEFORE_THE_KEY: ReadonlySet<Reason> = new Set<Reason>([
  'INPUT_INVALID',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'PROCEDURE_NOT_FOUND',
  'METHOD_NOT_SUPPORTED',
  'MEDIA_TYPE_NOT_SUPPORTED',
  'REQUEST_TOO_LARGE',
  'INTERNAL',
]);

/** Whether this answer is what the idempotency key will give ever after. */
export function isFinalForKey({ reason, retryable, shape }: Failure): boolean {
  return shape !== undefined && !retryable && !SAID_BEFORE_THE_KEY.has(reason);
}
