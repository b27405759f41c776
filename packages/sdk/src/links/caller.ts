import { Failure } from '../failures.ts';

/**
 * Who made the first attempt at a call. A key counts for its caller only: under another one's token the same call would
 * take effect a second time, for somebody else.
 */
export class CallerMemory {
  #first: { readonly caller: string | undefined } | undefined;

  /** Whether an attempt has been made. */
  get isKnown(): boolean {
    return this.#first !== undefined;
  }

  /** Throws if another caller was here before. */
  assertSame(headers: Record<string, string>): void {
    const [, authorization] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
    const caller = authorization && callerOf(authorization);
    this.#first ??= { caller };
    if (this.#first.caller === caller) return;
    throw new Failure({
      reason: 'CALLER_CHANGED',
      message: 'The token is another caller’s than at the first attempt.',
      details: {},
      retryable: false,
      mayHaveTakenEffect: false,
    });
  }
}

/** A JWT is renewed and still names the same caller; any other token is its caller. */
function callerOf(authorization: string): string {
  try {
    const payload = authorization.split('.')[1] ?? '';
    const { iss, sub } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof sub === 'string') return JSON.stringify([iss, sub]);
  } catch {
    // It is no JWT.
  }
  return authorization;
}
