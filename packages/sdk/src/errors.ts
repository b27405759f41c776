import type { ReasonDetails as ServerReasonDetails } from '@baguni/api';

/** The reasons that the client itself gives, with their details. */
export interface ClientReasonDetails {
  /** The server could not be reached, or the connection broke before it answered. */
  CONNECTION_FAILED: Record<never, never>;
  /** No answer came within the call's deadline. */
  TIMED_OUT: { timeoutMs: number };
  /** The call's `signal` was aborted. A mutation that was already sent may still take effect. */
  ABORTED: Record<never, never>;
  /** What answered is not a Baguni server: a proxy's error page, or a wrong `url`. */
  ANSWER_UNREADABLE: { httpStatus: number | undefined };
  /** The `token` function failed; nothing was sent. */
  TOKEN_UNAVAILABLE: Record<never, never>;
}

/** Every reason for which a call fails, with the details that go with it. */
export interface ReasonDetails extends ServerReasonDetails, ClientReasonDetails {}

/** The name of a failure, for programs; people read the message. */
export type Reason = keyof ReasonDetails;

/** What a `BaguniError` is made of. */
export interface BaguniErrorInit<R extends Reason> {
  reason: R;
  message: string;
  details: ReasonDetails[R];
  retryable: boolean;
  requestId?: string | undefined;
  idempotencyKey?: string | undefined;
  cause?: unknown;
}

/** What every failed call throws. `isBaguniError` tells its reason, and with it the type of its details. */
export class BaguniError<R extends Reason = Reason> extends Error {
  override readonly name = 'BaguniError';
  /** Why the call failed, for programs. */
  readonly reason: R;
  /** The values behind the reason. */
  readonly details: ReasonDetails[R];
  /** Whether the same call, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
  /** Finds the call in the server's log, if the server answered. */
  readonly requestId: string | undefined;
  /** The key that a mutation was sent with: the same call with this key takes effect once at most. */
  readonly idempotencyKey: string | undefined;

  constructor({ reason, message, details, retryable, requestId, idempotencyKey, cause }: BaguniErrorInit<R>) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.details = details;
    this.retryable = retryable;
    this.requestId = requestId;
    this.idempotencyKey = idempotencyKey;
  }
}

/** The errors of these reasons as a union: a `switch` over `reason` narrows `details`. */
export type BaguniErrorOf<R extends Reason = Reason> = R extends Reason ? BaguniError<R> : never;

/**
 * Whether this is an error of a call, and if reasons are named, one of those.
 * `isBaguniError(error, 'STOCK_INSUFFICIENT')` makes `error.details.available` a number.
 */
export function isBaguniError<R extends Reason = Reason>(error: unknown, ...reasons: R[]): error is BaguniErrorOf<R> {
  if (!(error instanceof BaguniError)) return false;
  return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
}
