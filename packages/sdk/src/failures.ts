import type { AppRouter } from '@baguni/api';
import type { inferRouterError } from '@trpc/server';
import { BaguniError, type Reason, type ReasonDetails } from './errors.ts';

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
  /** The HTTP status of the answer, and the id that it had, if one came. */
  status?: number | undefined;
  requestId?: string | undefined;
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
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor({ message, cause, ...init }: FailureInit<R>) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = init.reason;
    this.details = init.details;
    this.retryable = init.retryable;
    this.mayHaveTakenEffect = init.mayHaveTakenEffect;
    this.retryAfterMs = init.retryAfterMs;
    this.shape = init.shape;
    this.status = init.status;
    this.requestId = init.requestId;
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
  // Another server, or one of another day, may be set up otherwise.
  'PAYMENT_METHOD_UNKNOWN',
  'ENDPOINT_URL_REFUSED',
  'INTERNAL',
]);

/** What the caller is told of a failure. */
export function errorOf(failure: Failure, idempotencyKey?: string): BaguniError {
  const { reason, message, details, retryable, requestId, cause } = failure;
  return new BaguniError({ reason, message, details, retryable, requestId, idempotencyKey, cause });
}

/** Whether this answer is what the idempotency key will give ever after. */
export function isFinalForKey({ reason, retryable, shape }: Failure): boolean {
  return shape !== undefined && !retryable && !SAID_BEFORE_THE_KEY.has(reason);
}
