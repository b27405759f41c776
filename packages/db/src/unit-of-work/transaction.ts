import type { EntityClass, EntityData, EntityDictionary, EntityMetadata } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Database } from '../database.ts';
import type { Engine } from '../engines/engine.ts';
import type { OpenTransaction } from '../engines/open-transaction.ts';
import type { Statement, StatementRunner } from '../engines/statement.ts';
import { CommitUnconfirmed, mayHaveCommitted } from './failure.ts';

/** What a row holds, and which of its fields are no longer what was read. */
interface ReadRow {
  readonly row: object;
  readonly values: EntityData<object>;
  readonly changed: readonly string[];
}

/**
 * One transaction of the unit of work. The ORM makes entities of the rows that it reads and tells what became of them;
 * the statements are the unit of work's own, and go to the connection as they are.
 */
export class Transaction implements StatementRunner {
  readonly engine: Engine;
  readonly #em: SqlEntityManager;
  readonly #open: OpenTransaction;

  private constructor(engine: Engine, em: SqlEntityManager, open: OpenTransaction) {
    this.engine = engine;
    this.#em = em;
    this.#open = open;
  }

  static async begin(database: Database): Promise<Transaction> {
    // A fresh EntityManager each time: after a rollback the identity map no longer matches the database.
    const em = database.fork();
    return new Transaction(database.engine, em, await database.begin());
  }

  async run<Row>(statement: Statement): Promise<Row[]> {
    return this.#open.send<Row>(this.engine.sqlOf(statement), statement.values);
  }

  /** Makes an entity of a row. A row that was read before stays the same entity. */
  entityOf<Entity extends object>(type: EntityClass<Entity>, row: EntityDictionary<Entity>): Entity {
    return this.#em.map(type, row);
  }

  /** A row that was not there before: plain columns with the entity's methods. The ORM's setters would have it tracked, which nobody reads. */
  newRow<Entity extends object>(type: EntityClass<Entity>, columns: object): Entity {
    return Object.setPrototypeOf({ ...columns }, this.metadataOf(type).prototype);
  }

  metadataOf<Entity extends object>(type: EntityClass<Entity>): EntityMetadata<Entity> {
    return this.#em.getMetadata().get(type);
  }

  /** A row's columns, as the database takes them. */
  valuesOf(row: object): EntityData<object> {
    return this.#em.getComparator().prepareEntity(row);
  }

  /** The rows that were read and then changed. */
  *changedRows(): Iterable<ReadRow> {
    const comparator = this.#em.getComparator();
    const unitOfWork = this.#em.getUnitOfWork();
    for (const row of unitOfWork.getIdentityMap()) {
      const values = this.valuesOf(row);
      const read = unitOfWork.getOriginalEntityData(row) ?? {};
      const changed = Object.keys(comparator.diffEntities(row.constructor, read, values));
      if (changed.length > 0) yield { row, values, changed };
    }
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
