import type { ReasonDetails as ServerReasonDetails } from '@baguni/api';
import type { CallOptions } from './calls.ts';
import type { MutationPath, OutputAt } from './procedures.ts';

/** The reasons that the client itself gives, with their details. */
export interface ClientReasonDetails {
  /** The server could not be reached. Check the network and `url`, and try again later. */
  CONNECTION_FAILED: Record<never, never>;
  /** No answer to a query came within `details.timeoutMs`. Try again, or give it more time. */
  TIMED_OUT: { timeoutMs: number };
  /** The call's `signal` was aborted. A mutation that was under way may still take effect: read before calling anew. */
  ABORTED: Record<never, never>;
  /** What answered is no Baguni server: a proxy's error page, or a wrong `url`. Check the way to the server. */
  ANSWER_UNREADABLE: { httpStatus: number | undefined };
  /** The `token` function failed, or gave what no header can carry. Nothing was sent: look at the error's `cause`. */
  TOKEN_UNAVAILABLE: Record<never, never>;
  /** The `token` is another caller's than at the first attempt. It was not sent again: make the call anew. */
  CALLER_CHANGED: Record<never, never>;
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

/** What asking again for an unknown outcome takes. */
export interface ResolveOptions extends CallOptions {
  /** How often it is asked again at most; until the deadline unless said otherwise. */
  retries?: number | undefined;
}

interface OutcomeUnknownInit {
  path: string;
  message: string;
  requestId: string | undefined;
  idempotencyKey: string | undefined;
  retryAfterMs: number;
  resolve: (options: ResolveOptions | undefined) => Promise<unknown>;
  cause: unknown;
}

/**
 * A mutation went out, and no answer tells whether it took effect. It is no failure: `resolve()` finds out.
 * `isOutcomeUnknown(error, 'orders.place')` also types what it finds.
 */
export class OutcomeUnknown<Path extends MutationPath = MutationPath> extends BaguniError<'OUTCOME_UNKNOWN'> {
  /** The mutation, such as `orders.place`. */
  readonly path: string;
  readonly #resolve: (options: ResolveOptions | undefined) => Promise<unknown>;

  constructor({ path, resolve, retryAfterMs, ...init }: OutcomeUnknownInit) {
    super({ ...init, reason: 'OUTCOME_UNKNOWN', details: { retryAfterMs }, retryable: true });
    this.path = path;
    this.#resolve = resolve;
  }

  /**
   * Sends the same input with the same key again, as the same caller, until an answer tells what became of the call: gives
   * the true answer, or rejects with the true refusal. If nothing tells before the deadline, it rejects as unknown once
   * more; so it does, and sends nothing, while the client's `token` is another caller's. A call that had not arrived
   * takes effect now.
   */
  resolve(options?: ResolveOptions): Promise<OutputAt<Path>> {
    // The one cast: the mutation that is sent again is the one that the path names.
    return this.#resolve(options) as Promise<OutputAt<Path>>;
  }
}

/** The errors of these reasons as a union: a `switch` over `reason` narrows `details`. */
export type BaguniErrorOf<R extends Reason = Reason> = R extends 'OUTCOME_UNKNOWN'
  ? OutcomeUnknown
  : R extends Reason
    ? BaguniError<R>
    : never;

/**
 * Whether this is an error of a call, and if reasons are named, one of those.
 * `isBaguniError(error, 'STOCK_INSUFFICIENT')` makes `error.details.available` a number.
 */
export function isBaguniError<R extends Reason = Reason>(error: unknown, ...reasons: R[]): error is BaguniErrorOf<R> {
  if (!(error instanceof BaguniError)) return false;
  return reasons.length === 0 || reasons.some((reason) => reason === error.reason);
}

/** Whether this says that the outcome of a mutation is unknown, and if paths are named, of one of those. */
export function isOutcomeUnknown<Path extends MutationPath = MutationPath>(
  error: unknown,
  ...paths: Path[]
): error is OutcomeUnknown<Path> {
  return error instanceof OutcomeUnknown && (paths.length === 0 || paths.some((path) => path === error.path));
}

/** What to do about each reason. The editor shows what a reason means where it is named. */
export type ReasonHandlers<Result> = {
  readonly [R in keyof ReasonDetails]?: (error: BaguniErrorOf<R>) => Result;
};

/**
 * Hands an error to the handler of its reason, and gives what that gives. Any other error is thrown on.
 * `matchBaguniError(error, { STOCK_INSUFFICIENT: ({ details }) => `Only ${details.available} left.` })`
 */
export function matchBaguniError<Result>(error: unknown, handlers: ReasonHandlers<Result>): Result {
  if (!isBaguniError(error)) throw error;
  const handle = handlers[error.reason] as ((error: BaguniErrorOf) => Result) | undefined;
  if (!handle) throw error;
  return handle(error);
}
