import type { Reason } from './errors.ts';

/** One call, the same object at each of its attempts. */
export interface CallInfo {
  /** The procedure, such as `orders.place`. */
  readonly path: string;
  readonly type: 'query' | 'mutation';
  /** The key of a mutation, the same at each attempt. */
  readonly idempotencyKey: string | undefined;
}

/** A call is about to be sent. */
export interface RequestEvent {
  readonly call: CallInfo;
  /** 1 for the first. */
  readonly attempt: number;
  /** Headers to send along. A call that has any travels alone instead of in a batch, whose headers all calls share. */
  readonly headers: Record<string, string>;
}

/** Why an attempt failed. The call may be retried and succeed all the same. */
export interface AttemptFailure {
  readonly reason: Reason;
  readonly message: string;
  readonly retryable: boolean;
}

/** An attempt is over, whether it was answered or not. */
export interface ResponseEvent {
  readonly call: CallInfo;
  readonly attempt: number;
  /** The HTTP status that the call had, or in a batch would have had alone; none if no answer came. */
  readonly status: number | undefined;
  /** Finds the attempt in the server's log. */
  readonly requestId: string | undefined;
  readonly durationMs: number;
  /** What went wrong, if anything did. */
  readonly failure: AttemptFailure | undefined;
}

/** A call will be sent again. */
export interface RetryEvent {
  readonly call: CallInfo;
  /** The attempt that will be made. */
  readonly attempt: number;
  /** How long the client waits before it. */
  readonly delayMs: number;
  /** What went wrong with the attempt before. */
  readonly failure: AttemptFailure;
}

/**
 * What is told of each call on its way; streams are not told of. A hook that throws breaks no call: the error goes to
 * the console, and the call goes on.
 */
export interface Hooks {
  /** Before each attempt. It may add headers. */
  onRequest?(event: RequestEvent): void;
  /** After each attempt, answered or not. */
  onResponse?(event: ResponseEvent): void;
  /** Before the wait for another attempt. */
  onRetry?(event: RetryEvent): void;
}

/** All hooks as one that never throws. */
export function hooksOf(hooks: readonly Hooks[]): Required<Hooks> {
  return {
    onRequest: (event) => hooks.forEach((hook) => void guard(() => hook.onRequest?.(event))),
    onResponse: (event) => hooks.forEach((hook) => void guard(() => hook.onResponse?.(event))),
    onRetry: (event) => hooks.forEach((hook) => void guard(() => hook.onRetry?.(event))),
  };
}

// It runs at once, and also catches what an asynchronous hook rejects with.
async function guard(hook: () => unknown): Promise<void> {
  try {
    await hook();
  } catch (error) {
    console.error('A hook of the Baguni client failed.', error);
  }
}
