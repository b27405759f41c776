/** A stretch of time, as a sum of its parts. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** What goes by the clock. */
export interface Timed {
  /** Does what is due at the moment that the clock shows; gives how much that was. */
  runDue(): Promise<number>;
  /** The first moment after this one at which something falls due. */
  nextDueAt(after: Date): Promise<Date | undefined>;
}

/** The engine's time. It stands still until a test moves it. */
export class TestClock {
  readonly #timed: Timed;
  #now: Date;
  #lastMove: Promise<unknown> = Promise.resolve();

  constructor(start: Date, timed: Timed) {
    this.#now = new Date(start);
    this.#timed = timed;
  }

  now(): Date {
    return new Date(this.#now);
  }

  /**
   * Lets the time pass: whatever falls due meanwhile is done, each at its own moment and in the order of time.
   * Several moves are made one after another.
   */
  advance(by: Duration): Promise<void> {
    return this.#next(() => this.#pass(later(this.#now, by)));
  }

  /** Lets the time pass until this moment, as `advance` does. Sets a clock back without doing anything. */
  set(to: Date): Promise<void> {
    return this.#next(() => this.#pass(to));
  }

  /** Shows another time at once and does nothing of what is due: for tests that run the jobs themselves. */
  jump(to: Date | Duration): void {
    this.#now = to instanceof Date ? new Date(to) : later(this.#now, to);
  }

  /** Does what is due now; gives how much that was. */
  runDue(): Promise<number> {
    return this.#next(() => this.#timed.runDue());
  }

  /** Settles once nothing moves any more. */
  async settled(): Promise<void> {
    await this.#lastMove;
  }

  async #pass(to: Date): Promise<void> {
    if (to < this.#now) return this.jump(to);
    // What is due already comes before what falls due later.
    await this.#timed.runDue();
    while (this.#now < to) {
      const dueAt = await this.#timed.nextDueAt(this.#now);
      this.jump(dueAt && dueAt < to ? dueAt : to);
      await this.#timed.runDue();
    }
  }

  #next<Result>(move: () => Promise<Result>): Promise<Result> {
    const moved = this.#lastMove.then(move);
    // Whoever made the move is told that it failed; the next one is made all the same.
    this.#lastMove = moved.catch(() => {});
    return moved;
  }
}

function later(moment: Date, by: Duration): Date {
  return new Date(moment.getTime() + millisecondsOf(by));
}

function millisecondsOf({ days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 }: Duration): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}
