/** The longest wait before the first retry; it doubles with each. */
const BACKOFF_MS = 200;
const BACKOFF_MAX_MS = 5_000;
/** The longest that a timer can wait for; one that is told to wait longer does not wait at all. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Time and chance, as retries and deadlines need them. */
export interface Timing {
  /** Milliseconds that only grow. */
  now(): number;
  /** 0 to 1, without 1. */
  random(): number;
  /** Runs the callback after so many milliseconds, unless the returned function is called before. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  random: Math.random,
  after(delayMs, callback) {
    // More than three weeks: whoever waits for this long waits for ever.
    if (delayMs > TIMER_MAX_MS) return () => {};
    const timeout = setTimeout(callback, delayMs);
    return () => clearTimeout(timeout);
  },
};

/** Exponential backoff with full jitter, so that those who were turned away together do not come back together. */
export function backoffMs(retry: number, timing: Timing): number {
  return timing.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (retry - 1));
}

/** Waits, but not past the signal's abort. */
export function pause(delayMs: number, timing: Timing, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timing.after(delayMs, done);
    signal?.addEventListener('abort', done);
  });
}
