import { AbortedTransactionError, CompiledQuery, type QueryResult } from 'kysely';
import type pg from 'pg';
import type { OpenTransaction, StatementConnection } from './open-transaction.ts';

/**
 * Makes a client of the pool what interceptors can stand before. Statements go out at once, behind each other, whether or
 * not the ones before are answered: a round trip takes longer than most of them.
 */
export class PipelinedConnection implements StatementConnection {
  readonly #client: pg.PoolClient;
  readonly #types: pg.CustomTypesConfig | undefined;

  /** `types` tells what values become; the connection's own say so unless they are given. */
  constructor(client: pg.PoolClient, types?: pg.CustomTypesConfig) {
    this.#client = client;
    this.#types = types;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    this.#sendTogether();
    const { command, rows } = await this.#client.query({ text: sql, values: [...parameters], types: this.#types });
    if (command === 'ROLLBACK' && sql === 'commit') throw new AbortedTransactionError();
    return { rows };
  }

  // Statements that are sent in one turn of the event loop go to the socket at once: each write is a call of the system.
  #sendTogether(): void {
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}

/** A transaction on Postgres that does not wait for one statement's answer before it sends the next. */
export class PipelinedTransaction implements OpenTransaction {
  readonly #client: pg.PoolClient;
  readonly #connection: StatementConnection;
  readonly #begun: Promise<unknown>;
  #isCommitted = false;

  constructor(client: pg.PoolClient, connection: StatementConnection) {
    this.#client = client;
    this.#connection = connection;
    this.#begun = this.#execute('begin');
    // The first statement says that it failed.
    this.#begun.catch(() => undefined);
  }

  async send<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    // The answer to BEGIN comes first: without a transaction, nothing that was sent after it counts.
    const [, { rows }] = await Promise.all([this.#begun, this.#execute<Row>(sql, parameters)]);
    return rows;
  }

  async commit(): Promise<void> {
    await this.#execute('commit');
    this.#isCommitted = true;
    this.#client.release();
  }

  async rollBack(): Promise<void> {
    if (this.#isCommitted) return;
    try {
      await this.#execute('rollback');
      this.#client.release();
    } catch (error) {
      // Whether it took is not known, so nobody else may have this connection.
      this.#client.release(true);
      throw error;
    }
  }

  #execute<Row>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<Row>> {
    return this.#connection.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
  }
}
