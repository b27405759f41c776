import type { Play } from '../../src/race/explore.ts';
import type { Step, StepKind } from '../../src/race/step.ts';

/** A step of a toy operation: what it does, and to which row. */
export interface ToyStep {
  readonly kind: StepKind;
  readonly row?: string;
}

/**
 * A database of a few lines that does what Postgres does at READ COMMITTED: a statement sees what was committed when it
 * was sent, also if it then waits, and the row that it waited for as it is after that. Whatever an operation sees is in
 * what it writes from then on, so that two runs in which one of them saw something else end differently.
 */
export class ToyPlay implements Play {
  readonly #left: Map<string, ToyStep[]>;
  readonly #seen = new Map<string, string[]>();
  readonly #committed = new Map<string, string>();
  readonly #pending = new Map<string, Map<string, string>>();
  readonly #holder = new Map<string, string>();
  readonly #waiting = new Map<string, ToyStep>();
  #isDeadlocked = false;

  constructor(operations: Readonly<Record<string, readonly ToyStep[]>>) {
    this.#left = new Map(Object.entries(operations).map(([name, steps]) => [name, [...steps]]));
    for (const name of this.#left.keys()) this.#seen.set(name, []);
  }

  /** All that anybody could tell afterwards. */
  get ending(): string {
    return this.#isDeadlocked ? 'deadlock' : JSON.stringify([[...this.#committed].sort(), [...this.#seen]]);
  }

  ready(): readonly Step[] {
    if (this.#isDeadlocked) return [];
    return [...this.#left].flatMap(([operation, [next]]) =>
      next && !this.#waiting.has(operation)
        ? [{ operation, kind: next.kind, name: `${next.kind} ${next.row}`, tables: next.row ? [next.row] : [] }]
        : [],
    );
  }

  async take(operation: string): Promise<readonly string[]> {
    const step = this.#left.get(operation)?.shift();
    if (!step) throw new Error(`${operation} has no step left.`);
    if (step.kind === 'read' || step.kind === 'lock' || step.kind === 'write') {
      this.#seen.get(operation)?.push(`(${[...this.#committed.values()].sort()})`);
    }
    const holder = this.#holder.get(step.row ?? '');
    if ((step.kind === 'lock' || step.kind === 'write') && holder !== undefined && holder !== operation) {
      this.#waiting.set(operation, step);
      this.#isDeadlocked = [...this.#left.keys()].every((name) => this.#waiting.has(name) || this.#hasEnded(name));
      return [holder];
    }
    this.#do(operation, step);
    return [];
  }

  #hasEnded(name: string): boolean {
    return this.#left.get(name)?.length === 0 && !this.#waiting.has(name);
  }

  #do(operation: string, { kind, row = '' }: ToyStep): void {
    const pending = this.#pending.get(operation) ?? new Map<string, string>();
    this.#pending.set(operation, pending);
    const seen = this.#seen.get(operation) ?? [];
    if (kind === 'lock' || kind === 'write') this.#holder.set(row, operation);
    if (kind === 'lock' || kind === 'read') seen.push(pending.get(row) ?? this.#committed.get(row) ?? 'nothing');
    if (kind === 'write') pending.set(row, `${operation} after ${seen}`);
    if (kind === 'commit' || kind === 'rollback') this.#end(operation, kind === 'commit' ? pending : new Map());
  }

  #end(operation: string, written: ReadonlyMap<string, string>): void {
    for (const [row, value] of written) this.#committed.set(row, value);
    this.#pending.delete(operation);
    for (const [row, holder] of this.#holder) if (holder === operation) this.#holder.delete(row);
    for (const [name, step] of [...this.#waiting]) {
      if (this.#holder.has(step.row ?? '')) continue;
      this.#waiting.delete(name);
      this.#do(name, step);
    }
  }
}
