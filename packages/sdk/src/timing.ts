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
    const timeout = setTimeout(callback, delayMs);
    return () => clearTimeout(timeout);
  },
};
