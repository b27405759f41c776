import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Load, runLoad } from '../load.ts';
import type { BenchServer } from '../server.ts';
import { PRODUCTS, USERS } from '../shop/size.ts';
import { checkShop } from './check.ts';
import type { Contender } from './contender.ts';

/** What is asked of a contender. */
export interface Job {
  readonly callers: number;
  readonly products: 'spread' | 'one';
}

export interface Measurement extends Load {
  /** Processor time of the server for each order. */
  readonly serverCpuMs: number | undefined;
}

/** A contender with a shop of its own, in which every order that it answers is counted. */
export class Stand implements AsyncDisposable {
  readonly #server: BenchServer;
  readonly #contender: Contender;
  readonly #url: string;
  #answered = 0;

  constructor(server: BenchServer, url: string, contender: Contender) {
    this.#server = server;
    this.#url = url;
    this.#contender = contender;
  }

  async measure(job: Job, seconds: number): Promise<Measurement> {
    const { result, serverMs } = await this.#server.cpu.during(() => this.#run(job, seconds));
    return { ...result, serverCpuMs: serverMs === undefined ? undefined : serverMs / result.calls };
  }

  async statementsPerOrder(job: Job, seconds: number): Promise<number | undefined> {
    const before = this.#answered;
    const database = new URL(this.#url).pathname.slice(1);
    const statements = await this.#server.statements.during(database, () => this.#run(job, seconds));
    return statements === undefined ? undefined : statements / (this.#answered - before);
  }

  /**
   * Does what autovacuum does within a minute: counts the rows. Until then the server goes by plans from when the
   * tables were empty, also for its own checks of foreign keys, and reads all of a table to find one row.
   */
  async settle(): Promise<void> {
    await this.#connected((client) => client.query('vacuum analyze'));
  }

  /** Throws unless the shop agrees with what was answered. */
  async check(): Promise<void> {
    await this.#connected((client) => checkShop(client, this.#answered));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#contender[Symbol.asyncDispose]();
  }

  async #connected(use: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }

  #run({ callers, products }: Job, seconds: number): Promise<Load> {
    return runLoad(callers, seconds, async () => {
      await this.#contender.place({
        userId: oneOf(USERS),
        productId: products === 'one' ? 1 : oneOf(PRODUCTS),
        idempotencyKey: randomUUID(),
      });
      this.#answered++;
    });
  }
}

function oneOf(count: number): number {
  return 1 + Math.floor(Math.random() * count);
}
