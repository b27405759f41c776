import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { checkBooks } from './books.ts';
import type { WireName } from './calls/wires.ts';
import { WIRES } from './calls/wires.ts';
import type { Generator } from './generator/generator.ts';
import type { FloodResult, LoadResult, OpenLoop } from './generator/messages.ts';
import type { Scenario } from './http/scenarios.ts';
import type { BenchServer } from './server.ts';
import { type StartOptions, startServer } from './servers/programs.ts';
import type { ServerProcess } from './servers/server-process.ts';

export interface Measurement extends LoadResult {
  /** Processor time for each call: of the server's processes, and of Postgres. */
  readonly serverCpuMs: number | undefined;
  readonly databaseCpuMs: number | undefined;
  /** The largest memory of a server's process so far, in bytes. */
  readonly memory: number | undefined;
}

/** What came of a flood, and how many processors it kept busy meanwhile. */
export interface Flood extends FloodResult {
  readonly processors: Readonly<Record<'server' | 'database' | 'generator', number | undefined>>;
}

const PUBLISHING_MAX_MS = 60_000;

interface StandParts {
  readonly databaseUrl: string;
  readonly postgres: BenchServer;
  readonly generator: Generator;
  /** How its processes are started, where that is not as usual. */
  readonly server?: StartOptions;
}

/** A server with a shop of its own, in which everything that it answers is counted. */
export class Stand implements AsyncDisposable {
  readonly name: WireName;
  readonly databaseUrl: string;
  readonly #postgres: BenchServer;
  readonly #generator: Generator;
  readonly #startOptions: StartOptions;
  readonly #servers: ServerProcess[] = [];
  readonly #client: pg.Client;
  readonly #turns = new Map<string, number>();
  readonly #tally: Record<string, number> = {};

  private constructor(name: WireName, parts: StandParts) {
    this.name = name;
    this.databaseUrl = parts.databaseUrl;
    this.#postgres = parts.postgres;
    this.#generator = parts.generator;
    this.#startOptions = parts.server ?? {};
    this.#client = new pg.Client({ connectionString: parts.databaseUrl });
  }

  static async open(name: WireName, parts: StandParts): Promise<Stand> {
    const stand = new Stand(name, parts);
    await stand.#client.connect();
    await stand.useProcesses(1);
    return stand;
  }

  get origins(): readonly string[] {
    return this.#servers.map(({ origin }) => origin);
  }

  /** Starts processes until there are that many. */
  async useProcesses(count: number): Promise<void> {
    while (this.#servers.length < count) {
      this.#servers.push(await startServer(this.name, this.databaseUrl, this.#startOptions));
    }
  }

  async measure(scenario: Scenario, seconds: number, turnsMax?: number): Promise<Measurement> {
    const { job, connections } = scenario;
    const fromTurn = this.#turns.get(job) ?? 0;
    const cpuBefore = await this.#serverCpuMs();
    const { result: load, serverMs: databaseMs } = await this.#postgres.cpu.during(() =>
      this.#generator.closedLoop({
        origins: this.origins,
        wire: this.name,
        job,
        connections,
        seconds,
        fromTurn,
        callsPerRequest: WIRES[this.name].batches ? scenario.callsPerRequest : 1,
        ...(turnsMax !== undefined && { turnsMax }),
      }),
    );
    const cpuAfter = await this.#serverCpuMs();
    const memory = await Promise.all(this.#servers.map((server) => server.memory()));

    this.#turns.set(job, fromTurn + load.calls);
    this.count(load.operations);
    this.count({ refused: load.refused });
    const perCall = (spent: number | undefined) => (spent === undefined ? undefined : spent / load.calls);
    return {
      ...load,
      serverCpuMs: perCall(spentSince(cpuBefore, cpuAfter)),
      databaseCpuMs: perCall(databaseMs),
      memory: memory.includes(undefined) ? undefined : Math.max(...memory.map((each) => each?.peak ?? 0)),
    };
  }

  /** Asks at a fixed rate, whether or not it is answered. */
  async flood(
    { job, perSecond, isConnected }: Pick<OpenLoop, 'job' | 'perSecond' | 'isConnected'>,
    seconds: number,
  ): Promise<Flood> {
    const { origins, name: wire } = this;
    const fromTurn = this.#turns.get(job) ?? 0;
    const cpuBefore = await this.#serverCpuMs();
    const start = performance.now();
    const { result: flood, serverMs: databaseMs } = await this.#postgres.cpu.during(() =>
      this.#generator.openLoop({ origins, wire, job, perSecond, seconds, fromTurn, isConnected }),
    );
    const elapsedMs = performance.now() - start;
    const serverMs = spentSince(cpuBefore, await this.#serverCpuMs());
    this.#turns.set(job, fromTurn + flood.asked);
    this.count(flood.operations);
    const busy = (spent: number | undefined) => (spent === undefined ? undefined : spent / elapsedMs);
    return {
      ...flood,
      processors: { server: busy(serverMs), database: busy(databaseMs), generator: busy(flood.generatorCpuMs) },
    };
  }

  /** What its processes hold in memory now, in bytes; undefined where that cannot be known. */
  async memory(): Promise<number | undefined> {
    const memory = await Promise.all(this.#servers.map((server) => server.memory()));
    return memory.reduce<number | undefined>(
      (sum, each) => (sum !== undefined && each ? sum + each.now : undefined),
      0,
    );
  }

  /** Counts operations that were done. */
  count(operations: Readonly<Record<string, number>>): void {
    for (const [kind, count] of Object.entries(operations)) this.#tally[kind] = (this.#tally[kind] ?? 0) + count;
  }

  /** Waits until the events of what was done are published, so that no work is left over into another one's turn. */
  async settle(): Promise<void> {
    const deadline = performance.now() + PUBLISHING_MAX_MS;
    while (true) {
      const { rows } = await this.#client.query('select from outbox_events where position is null limit 1');
      if (rows.length === 0) return;
      if (performance.now() > deadline) throw new Error(`${this.name} does not get its events published.`);
      await pause(20);
    }
  }

  /**
   * Does what autovacuum does within a minute: counts the rows. Until then Postgres goes by plans from when the
   * tables were empty.
   */
  async analyze(): Promise<void> {
    await this.#client.query('vacuum analyze');
  }

  /** Throws unless the shop's rows agree with what was answered. */
  async check(): Promise<void> {
    await checkBooks(this.#client, this.#tally);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server[Symbol.asyncDispose]();
    await this.#client.end();
  }

  async #serverCpuMs(): Promise<number | undefined> {
    const spent = await Promise.all(this.#servers.map((server) => server.cpuMs()));
    return spent.reduce((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each), 0);
  }
}

function spentSince(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
