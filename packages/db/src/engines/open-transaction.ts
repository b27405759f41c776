import { CompiledQuery, type ControlledTransaction, type QueryResult } from 'kysely';

/** What statements are sent over. */
export interface StatementConnection {
  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>>;
}

/** A transaction that has begun. With its end it gives its connection back. */
export interface OpenTransaction {
  /** Sends a statement. They are carried out in the order in which they are sent, also if none waits for the one before. */
  send<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  commit(): Promise<void>;
  /** Takes everything back; nothing is done when it is committed. Rejects when the connection is dead, and lets it go too. */
  rollBack(): Promise<void>;
}

/** A transaction of Kysely, which carries statements out one after the other. */
export class KyselyTransaction implements OpenTransaction {
  readonly #transaction: ControlledTransaction<unknown>;

  constructor(transaction: ControlledTransaction<unknown>) {
    this.#transaction = transaction;
  }

  async send<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.#transaction.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
    return rows;
  }

  async commit(): Promise<void> {
    await this.#transaction.commit().execute();
  }

  async rollBack(): Promise<void> {
    if (!this.#transaction.isCommitted) await this.#transaction.rollback().execute();
  }
}
