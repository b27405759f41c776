import type { CallOptions } from './calls.ts';
import { BaguniError, isBaguniError } from './errors.ts';
import { assertCount } from './settings.ts';
import { backoffMs, pause, type Timing } from './timing.ts';

/** How often a change is run at most unless said otherwise. */
const TRIES_MAX = 5;

export interface VersionOptions extends Pick<CallOptions, 'signal'> {
  /** How often the change is run at most; 5 unless said otherwise. */
  readonly tries?: number | undefined;
}

/** Runs a change on what was just read, and on `VERSION_CONFLICT` reads again and runs it again. */
export type WithVersion = <Current, Changed>(
  read: () => PromiseLike<Current>,
  change: (current: Current) => PromiseLike<Changed>,
  options?: VersionOptions,
) => Promise<Changed>;

export function withVersionOn(timing: Timing): WithVersion {
  return async (read, change, { tries = TRIES_MAX, signal } = {}) => {
    assertCount('tries', tries, 1);
    for (let attempt = 1; ; attempt++) {
      if (signal?.aborted) throw aborted(signal.reason);
      const current = await read();
      try {
        return await change(current);
      } catch (error) {
        // Nothing else is tried again: after any other refusal a new call, with its new key, might count twice.
        if (!isBaguniError(error, 'VERSION_CONFLICT') || attempt >= tries) throw error;
        await pause(backoffMs(attempt, timing), timing, signal);
      }
    }
  };
}

function aborted(cause: unknown): BaguniError<'ABORTED'> {
  return new BaguniError({
    reason: 'ABORTED',
    message: 'The change was aborted between two tries.',
    details: {},
    retryable: false,
    cause,
  });
}
