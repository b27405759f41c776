import type { JobName } from '../calls/jobs.ts';
import type { WireName } from '../calls/wires.ts';

/** What a load generator is told to do: to ask on so many connections, each again as soon as it is answered. */
export interface ClosedLoop {
  readonly origins: readonly string[];
  readonly wire: WireName;
  readonly job: JobName;
  readonly connections: number;
  readonly seconds: number;
  /** How many turns of the job were used before. */
  readonly fromTurn: number;
  /** After how many turns to stop, if the time is not over before. */
  readonly turnsMax?: number;
  /** How many calls travel in one request. */
  readonly callsPerRequest: number;
}

/** What came of it. */
export interface LoadResult {
  readonly calls: number;
  /** Calls that got the refusal that was expected. */
  readonly refused: number;
  /** How many of each kind of operation were done. */
  readonly operations: Readonly<Record<string, number>>;
  readonly perSecond: number;
  /** From asking to the last byte, of a request. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the load generator for each call. */
  readonly generatorCpuMs: number;
}

export type Order = { readonly kind: 'closed-loop'; readonly load: ClosedLoop };

export type Answer = { readonly result: LoadResult } | { readonly error: string };
