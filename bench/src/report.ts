/** What a bench found: for people, and for programs. */
export interface Report {
  readonly text: string;
  readonly figures: unknown;
}

export interface BenchOptions {
  /** How long each measurement takes. */
  readonly seconds: number;
  /** Tells how far it is. */
  readonly say: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Report>;
