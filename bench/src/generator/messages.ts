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

/** What a load generator is told to do: to ask so many times a second, whether or not it is answered. */
export interface OpenLoop {
  readonly origins: readonly string[];
  readonly wire: WireName;
  readonly job: JobName;
  readonly perSecond: number;
  readonly seconds: number;
  readonly fromTurn: number;
  /** Whether all connections are there before the first request; otherwise each is opened when no other one is free. */
  readonly isConnected: boolean;
}

/** What came of it. Latencies run from the moment at which a request was due. */
export interface FloodResult {
  readonly asked: number;
  readonly done: number;
  /** Turned away with a retryable reason. */
  readonly overloaded: number;
  /** Connections that broke, and answers that are neither. */
  readonly failed: number;
  /** Not asked, because no connection was free when it was due. */
  readonly unsent: number;
  readonly failure: string | undefined;
  readonly operations: Readonly<Record<string, number>>;
  /** Done within the seconds of asking, each second. */
  readonly donePerSecond: number;
  readonly doneP50Ms: number;
  readonly overloadedP50Ms: number;
  readonly overloadedP99Ms: number;
  /** Processor time of the load generator. */
  readonly generatorCpuMs: number;
}

/** What a load generator is told to do: to have so many connections on which it has asked once, and to ask nothing more. */
export interface Idling {
  readonly origin: string;
  readonly connections: number;
}

export interface IdlingResult {
  readonly connected: number;
}

/** What a generator can be told, and what it answers. */
export interface Orders {
  'closed-loop': { readonly order: ClosedLoop; readonly result: LoadResult };
  'open-loop': { readonly order: OpenLoop; readonly result: FloodResult };
  idling: { readonly order: Idling; readonly result: IdlingResult };
}

export type OrderKind = keyof Orders;

export type Message = {
  [Kind in OrderKind]: { readonly kind: Kind; readonly order: Orders[Kind]['order'] };
}[OrderKind];

export type Answer<Kind extends OrderKind = OrderKind> =
  | { readonly result: Orders[Kind]['result'] }
  | { readonly error: string };
