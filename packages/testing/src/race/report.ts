import { DomainError } from '@baguni/db';
import { isBaguniError } from '@baguni/sdk';
import type { Schedule } from './explore.ts';
import type { Outcome, TraceLine } from './stage.ts';

/** The first schedule in which something went wrong. */
export interface Breach {
  /** What was wrong after it, in sentences. */
  readonly problems: readonly string[];
  /** Who went, step by step; as `schedule` of another `race` it plays the same run again. */
  readonly schedule: string;
  readonly trace: readonly TraceLine[];
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

/** What came out of a race. */
export class RaceReport {
  /** How many schedules were run. */
  readonly schedules: number;
  /** In how many of them somebody waited for another one's lock. */
  readonly blocked: number;
  /** How many were left out where they could only end as one that was run. */
  readonly pruned: number;
  /** Whether no schedule is left that could end otherwise. */
  readonly isExhaustive: boolean;
  /** From which the schedules are drawn that are run at random. */
  readonly seed: number;
  /**
   * How often the operations ended in which way: `{ 'left answered, right STOCK_INSUFFICIENT': 12 }`.
   * An operation that answers a text is told by that text.
   */
  readonly endings: Readonly<Record<string, number>>;
  readonly breach: Breach | undefined;

  constructor(parts: Omit<RaceReport, 'assertSafe' | 'toString'>) {
    this.schedules = parts.schedules;
    this.blocked = parts.blocked;
    this.pruned = parts.pruned;
    this.isExhaustive = parts.isExhaustive;
    this.seed = parts.seed;
    this.endings = parts.endings;
    this.breach = parts.breach;
  }

  /** Fails, with the schedule step by step, if one was found in which something went wrong. */
  assertSafe(): void {
    if (this.breach) throw new Error(this.toString());
  }

  /** What was run, and how it ended, for people. */
  toString(): string {
    const { schedules, blocked, pruned, isExhaustive, seed, endings, breach } = this;
    const extent = isExhaustive ? 'all there are' : breach ? 'until one went wrong' : `a part, seed ${seed}`;
    const counts = `${schedules} schedules (${extent}), in ${blocked} of them somebody waited; ${pruned} pruned`;
    const lines = [counts, ...Object.entries(endings).map(([ending, times]) => `  ${times} × ${ending}`)];
    if (!breach) return lines.join('\n');
    return [
      ...breach.problems,
      '',
      ...listing(breach.trace),
      '',
      ...Object.entries(breach.outcomes).map(([operation, outcome]) => `${operation}: ${endOf(outcome)}`),
      '',
      `Play it again with { schedule: '${breach.schedule}' }.`,
      '',
      ...lines,
    ].join('\n');
  }
}

/** How a run ended, in a few words. */
export function endingOf(outcomes: Readonly<Record<string, Outcome>>): string {
  return Object.entries(outcomes)
    .map(([operation, outcome]) => `${operation} ${wordOf(outcome)}`)
    .join(', ');
}

/** The schedule as one letter a step: `a` is the operation that was named first. */
export function lettersOf(schedule: Schedule, operations: readonly string[]): string {
  return schedule.map((name) => LETTERS[operations.indexOf(name)] ?? '?').join('');
}

export function scheduleOf(letters: string, operations: readonly string[]): Schedule {
  return [...letters].map((letter) => {
    const name = operations[LETTERS.indexOf(letter)];
    if (name === undefined) throw new Error(`The schedule names an operation ${letter}, and there is none.`);
    return name;
  });
}

/** A longer name pushes its answer to the right. */
const NAME_WIDTH_MAX = 40;

/** How many operations may race. */
export const OPERATIONS_MAX = 26;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function wordOf(outcome: Outcome): string {
  if (outcome.status === 'answered') return typeof outcome.answer === 'string' ? outcome.answer : 'answered';
  const { error } = outcome;
  return isBaguniError(error) || error instanceof DomainError ? error.reason : 'failed';
}

function endOf(outcome: Outcome): string {
  if (outcome.status === 'answered') return `answered ${JSON.stringify(outcome.answer)?.slice(0, 200)}`;
  const { error } = outcome;
  return `${wordOf(outcome)}: ${error instanceof Error ? error.message : String(error)}`;
}

function listing(trace: readonly TraceLine[]): string[] {
  const width = Math.max(...trace.map(({ operation }) => operation.length));
  const nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(...trace.map(({ name }) => name.length)));
  let step = 0;
  return trace.map(({ operation, name, waitsFor, answer = '', isLate }) => {
    const place = isLate ? '' : String(++step);
    const result = isLate
      ? `no longer waits: ${answer}`
      : waitsFor.length > 0
        ? `waits for ${waitsFor.join()}`
        : answer;
    return `${place.padStart(4)}  ${operation.padEnd(width)}  ${name.padEnd(nameWidth)}  ${result}`.trimEnd();
  });
}
