/** What a bench found: for people, and for programs. */
export interface Report {
  readonly text: string;
  readonly figures: unknown;
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
  /** A shop with so many orders is measured too. */
  readonly orders?: number | undefined;
  /** Tells how far it is. */
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Report>;
