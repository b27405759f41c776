import type { ConnectionOptions, MigrationsOptions, Options, TransactionOptions } from '@mikro-orm/core';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
import type { OpenTransaction } from './open-transaction.ts';
import type { Statement, StatementRunner } from './statement.ts';

/** How to connect, how columns are declared, which migrations to run. */
interface EngineOptions extends ConnectionOptions {
  driver: NonNullable<Options<AbstractSqlDriver>['driver']>;
  migrations: MigrationsOptions;
}

/** The ways to an open database, over the same connections. */
export interface Connected {
  /** The EntityManager from which all others of this database are forked. */
  readonly em: SqlEntityManager;
  /** Carries out a statement that reads, by itself. Numbers and moments may come as text. */
  read(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Begins a transaction, for one that sends its statements itself. */
  begin(): Promise<OpenTransaction>;
}

/** Everything that differs between the databases that Baguni runs on. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  readonly options: EngineOptions;
  /** Connects at the first query. */
  connect(): Connected;
  /** The bytes of a database in memory, to open others that begin as it is now. Other databases have none. */
  bytes(em: SqlEntityManager): Promise<Buffer>;
  /** How many rows each of these tables holds, for a database in memory that is open; others are not looked into. */
  rowCounts?(tables: readonly string[]): ReadonlyMap<string, number>;
  /** How many transactions of the unit of work may be under way at once. */
  readonly batchesInFlightMax: number;
  /** SQL for the database's clock, in milliseconds since 1970. */
  readonly clockSql: string;
  /** SQL for a column's moment, in milliseconds since 1970. */
  millisecondsSql(column: string): string;
  /** The transaction in which several reads see one state. */
  readonly snapshot: TransactionOptions;
  /** What ends a SELECT that locks its rows. */
  readonly rowLockSql: string;
  /** The words that the connection takes for a statement. */
  sqlOf(statement: Statement): string;
  /**
   * Whether a column has one of the values, which travel as one bound parameter, or one of those that are selected; the
   * parameter comes last.
   */
  isOneOf(column: string, values: readonly (string | number)[], among: Among): { text: string; value: unknown };
  /** A table named `given` for a FROM clause, of the objects in a JSON array, whose text is its one bound parameter. */
  given(columns: readonly GivenColumn[]): string;
  /** A column's value, as a bound parameter. */
  parameter(value: unknown): unknown;
  /** Carries out statements that write. Rows may refer to each other in any order. */
  write(transaction: StatementRunner, statements: readonly Statement[]): Promise<void>;
  /** Where the ids of new rows come from. One source serves the whole process. */
  createIdSource(tables: readonly string[]): IdSource;
  /** Whether this transaction is now the only one that does this work, until it ends. Does not wait. */
  isAlone(em: SqlEntityManager, work: Exclusive): Promise<boolean>;
  /** Runs `migrate` in one process at a time. */
  oneAtATime(em: SqlEntityManager, migrate: () => Promise<void>): Promise<void>;
}

/** Work that one process at a time may do. */
export type Exclusive = 'sequencing';

/** What a column is compared with, besides values. */
export interface Among {
  /** The type of the column. */
  readonly type: string;
  /** SELECTs of one column. */
  readonly selected: readonly string[];
}

/** What becomes of a field of the objects. */
export interface GivenColumn {
  readonly field: string;
  /** The type of the column that it is meant for. */
  readonly type: string;
}

/**
 * Ids that are known before a row is written, so that answers, events and child rows can name it.
 */
export interface IdSource {
  /** Called at the start of each transaction, before ids are asked for. */
  prepare(transaction: StatementRunner): Promise<void>;
  /** The next id of a table. Throws `IdsExhausted` when the source must be prepared again first. */
  next(table: string): number;
}

/** More ids were needed at once than were at hand: the transaction starts again with more. */
export class IdsExhausted extends Error {
  override readonly name = 'IdsExhausted';
}
