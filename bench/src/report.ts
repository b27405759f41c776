import type { Goal } from './goals.ts';
import type { Form } from './servers/programs.ts';

/** What a bench found: for people, and for programs. */
export interface Report {
  readonly text: string;
  readonly figures: unknown;
  /** What was meant to be reached, as far as it was measured. */
  readonly goals: readonly Goal[];
  /** How it was measured, where that is not so many rounds of so many seconds. */
  readonly measured?: string;
}

export interface BenchOptions {
  /** How long each measurement takes. */
  readonly seconds: number;
  /** How often each measurement is repeated. */
  readonly rounds: number;
  /** Only these jobs; all if not named. */
  readonly jobs?: readonly string[] | undefined;
  /** Only these numbers of connections; all if not named. */
  readonly connections?: readonly number[] | undefined;
  /** How long memory is watched. */
  readonly minutes: number;
  /** As what Baguni runs while memory is watched. */
  readonly form: Form;
  /** How many orders the shops have that are compared; smallest first. */
  readonly orders?: readonly number[] | undefined;
  /** Tells how far it is. */
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Report>;
