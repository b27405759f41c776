import type { EntityClass, EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import type { Database } from '../database.ts';
import type { Engine } from '../engines/engine.ts';
import type { OpenTransaction } from '../engines/open-transaction.ts';
import type { Statement, StatementRunner } from '../engines/statement.ts';
import { CommitUnconfirmed, mayHaveCommitted } from './failure.ts';
import { IdentityMap } from './identity-map.ts';

/** One transaction of the unit of work. Its statements are its own, and go to the connection as they are. */
export class Transaction implements StatementRunner {
  readonly engine: Engine;
  /** The rows that it has read. */
  readonly rows: IdentityMap;
  readonly #metadata: MetadataStorage;
  readonly #open: OpenTransaction;

  private constructor({ engine, orm }: Database, open: OpenTransaction) {
    this.engine = engine;
    // Another one each time: after a rollback the rows no longer match the database.
    this.rows = new IdentityMap(orm);
    this.#metadata = orm.getMetadata();
    this.#open = open;
  }

  static async begin(database: Database): Promise<Transaction> {
    return new Transaction(database, await database.begin());
  }

  async run<Row>(statement: Statement): Promise<Row[]> {
    return this.#open.send<Row>(this.engine.sqlOf(statement), statement.values);
  }

  metadataOf<Entity extends object>(type: EntityClass<Entity>): EntityMetadata<Entity> {
    return this.#metadata.get(type);
  }

  async commit(): Promise<void> {
    try {
      await this.#open.commit();
    } catch (error) {
      if (mayHaveCommitted(error)) throw new CommitUnconfirmed('The connection broke during COMMIT.', { cause: error });
      throw error;
    }
  }

  /** Also after a COMMIT in doubt: its connection is dead, and this is what gives its place in the pool back. */
  async rollBack(): Promise<void> {
    try {
      await this.#open.rollBack();
    } catch {
      // The error that led here says what happened; a rollback on a dead connection can only fail.
    }
  }
}
