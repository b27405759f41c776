import type { PassingStatement, StatementResult } from '@baguni/db';
import type { Play } from './explore.ts';
import type { LockWatch } from './lock-watch.ts';
import { PATIENCE_MS } from './patience.ts';
import { kindOfSql, mayWait, nameOfSql, type Step, tablesOfSql } from './step.ts';

/** What happened, in order: a step was taken, or a step that had to wait was answered. */
export interface TraceLine {
  readonly operation: string;
  readonly name: string;
  /** Whom the step waits for, if it does. */
  waitsFor: readonly string[];
  /** What came back, once it has. */
  answer: string | undefined;
  /** Whether this is the answer of a step that was taken earlier. */
  readonly isLate: boolean;
}

export type Outcome =
  | { readonly status: 'answered'; readonly answer: unknown }
  | { readonly status: 'failed'; readonly error: unknown };

/** What an operation is at. */
class Lane {
  readonly parked: { step: Step; go: (line: TraceLine) => void }[] = [];
  readonly inFlight = new Set<Step>();
  /** The connections on which it has a transaction open. */
  readonly open = new Set<object>();
  outcome: Outcome | undefined;

  get isComputing(): boolean {
    return this.outcome === undefined && this.parked.length === 0 && this.inFlight.size === 0;
  }
}

/** One run of the operations: each of them stops before each of its steps until it is its turn. */
export class Stage implements Play {
  readonly trace: TraceLine[] = [];
  /** Errors of the database that no unit of work should ever cause. */
  readonly deadlocks: string[] = [];

  readonly #lanes: ReadonlyMap<string, Lane>;
  readonly #watch: LockWatch;
  #changes = 0;
  #change = Promise.withResolvers<void>();
  #isOpen = false;

  constructor(operations: readonly string[], watch: LockWatch) {
    this.#lanes = new Map(operations.map((name) => [name, new Lane()]));
    this.#watch = watch;
  }

  /** Starts the operations, and lets each of them come to its first step. */
  async begin(operations: ReadonlyMap<string, () => PromiseLike<unknown>>): Promise<void> {
    for (const [name, run] of operations) void this.#follow(this.#lane(name), run());
    await this.#standstill();
  }

  get outcomes(): Record<string, Outcome> {
    const outcomes: Record<string, Outcome> = {};
    for (const [name, { outcome }] of this.#lanes) if (outcome) outcomes[name] = outcome;
    return outcomes;
  }

  ready(): readonly Step[] {
    return [...this.#lanes.values()].flatMap(({ parked: [next] }) => (next ? [next.step] : []));
  }

  async take(operation: string): Promise<readonly string[]> {
    const lane = this.#lane(operation);
    const next = lane.parked.shift();
    if (!next) throw new Error(`${operation} has no step to take.`);
    const line = lineOf(next.step);
    this.trace.push(line);
    lane.inFlight.add(next.step);
    next.go(line);
    const waits = await this.#standstill();
    if (line.answer === undefined) line.waitsFor = waits.get(operation) ?? [];
    return line.waitsFor;
  }

  /** Holds a statement back until it is its turn. */
  passSql(operation: string, statement: PassingStatement): Promise<StatementResult> {
    const { sql, connection } = statement;
    const { open } = this.#lane(operation);
    const kind = kindOfSql(sql, open.has(connection));
    return this.pass({ operation, kind, name: nameOfSql(sql), tables: tablesOfSql(sql) }, async () => {
      try {
        const answer = await statement.send();
        if (kind === 'begin') open.add(connection);
        return answer;
      } finally {
        if (kind === 'commit' || kind === 'rollback') open.delete(connection);
      }
    });
  }

  /** Holds any step back until it is its turn. */
  async pass<Answer>(step: Step, send: () => Promise<Answer>): Promise<Answer> {
    const lane = this.#lane(step.operation);
    const line = this.#isOpen
      ? lineOf(step)
      : await new Promise<TraceLine>((go) => {
          lane.parked.push({ step, go });
          this.#changed();
        });
    const answered = (answer: string) => {
      lane.inFlight.delete(step);
      if (line.waitsFor.length === 0) line.answer = answer;
      else this.trace.push({ ...line, answer, isLate: true });
      this.#changed();
    };
    try {
      const answer = await send();
      answered(summaryOf(step, answer));
      return answer;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === DEADLOCK_DETECTED) this.deadlocks.push(`${step.operation} at ${step.name}`);
      answered(`error ${code} ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }

  /** Gives the order up: whoever waits here goes on, so that all come to their end. */
  async giveUp(): Promise<void> {
    this.#isOpen = true;
    for (const { parked } of this.#lanes.values()) for (const { step, go } of parked.splice(0)) go(lineOf(step));
    while ([...this.#lanes.values()].some(({ outcome }) => !outcome)) await this.#nextChange();
  }

  async #follow(lane: Lane, running: PromiseLike<unknown>): Promise<void> {
    try {
      lane.outcome = { status: 'answered', answer: await running };
    } catch (error) {
      lane.outcome = { status: 'failed', error };
    }
    this.#changed();
  }

  /** Waits until nobody moves: each is before a step, waits for another one's lock, or has ended. Tells who waits for whom. */
  async #standstill(): Promise<ReadonlyMap<string, readonly string[]>> {
    for (;;) {
      const lanes = [...this.#lanes];
      const inFlight = lanes.flatMap(([, lane]) => [...lane.inFlight]);
      if (lanes.some(([, lane]) => lane.isComputing) || inFlight.some((step) => !mayWait(step))) {
        await this.#nextChange();
        continue;
      }
      if (inFlight.length === 0) return new Map();
      const changes = this.#changes;
      const waits = await this.#watch.waits();
      // What was seen before the last change may no longer be so.
      if (changes !== this.#changes || inFlight.some(({ operation }) => !waits.has(operation))) continue;
      if (this.ready().length > 0) return waits;
      // All wait for each other: the database will find that, and end it.
      await this.#nextChange();
    }
  }

  #changed(): void {
    this.#changes++;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  async #nextChange(): Promise<void> {
    const stuck = Promise.withResolvers<never>();
    const timer = setTimeout(() => stuck.reject(this.#stuck()), PATIENCE_MS);
    try {
      await Promise.race([this.#change.promise, stuck.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #stuck(): Error {
    const names = [...this.#lanes].filter(([, lane]) => lane.isComputing).map(([name]) => name);
    return new Error(`${names.join(' and ') || 'The database'} neither takes a step nor comes to an end.`);
  }

  #lane(operation: string): Lane {
    const lane = this.#lanes.get(operation);
    if (!lane) throw new Error(`There is no operation ${operation}.`);
    return lane;
  }
}

function lineOf({ operation, name }: Step): TraceLine {
  return { operation, name, waitsFor: [], answer: undefined, isLate: false };
}

const DEADLOCK_DETECTED = '40P01';

function summaryOf({ kind }: Step, answer: unknown): string {
  if (kind !== 'read' && kind !== 'lock') return 'done';
  if (typeof answer !== 'object' || answer === null || !('rows' in answer) || !Array.isArray(answer.rows))
    return 'done';
  return answer.rows.length === 1 ? '1 row' : `${answer.rows.length} rows`;
}
