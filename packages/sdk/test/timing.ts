import type { Timing } from '../src/timing.ts';

/** Longer than any wait before a retry in these tests, and shorter than any deadline. */
const WAIT_MAX_MS = 10_000;

/** Time that passes on command: a wait before a retry is over at once, a deadline comes when the test says so. */
export class TestTiming implements Timing {
  /** How long the client has waited before each retry. */
  readonly waits: number[] = [];
  /** Makes the waits before a retry last for ever. */
  isStanding = false;
  readonly #deadlines = new Map<() => void, number>();
  readonly #chance: number;
  #now = 0;

  constructor(chance = 0.5) {
    this.#chance = chance;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#chance;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (delayMs >= WAIT_MAX_MS) {
      this.#deadlines.set(callback, delayMs);
      return () => this.#deadlines.delete(callback);
    }
    this.waits.push(delayMs);
    this.#now += delayMs;
    if (!this.isStanding) queueMicrotask(callback);
    return () => {};
  }

  /** How many calls have a deadline before them. */
  get pending(): number {
    return this.#deadlines.size;
  }

  /** Lets the deadlines come that are not longer than this. */
  expire(timeoutMs: number): void {
    for (const [callback, delayMs] of this.#deadlines) if (delayMs <= timeoutMs) callback();
  }
}
