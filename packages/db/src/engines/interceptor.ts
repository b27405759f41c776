import type { CompiledQuery, QueryResult } from 'kysely';
import type { Engine } from './engine.ts';
import type { StatementConnection } from './open-transaction.ts';

/**
 * Stands between Baguni and a database: every statement passes through it, BEGIN, COMMIT and ROLLBACK too.
 * Whatever it answers or throws is what the database has answered. For tests that hold statements up,
 * put them in an order, or let them fail. A statement may come before an earlier one of its connection is answered;
 * who holds one up sees to it that no later one is sent before it.
 */
export type Interceptor = (statement: PassingStatement) => Promise<StatementResult>;

/** What a database answers to a statement. */
export type StatementResult = QueryResult<unknown>;

/** A statement on its way to the database. */
export interface PassingStatement {
  /** Which database it goes to. */
  readonly engine: Engine['name'];
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** What it goes over: the same object for every statement of one connection. */
  readonly connection: object;
  /** Sends it on. */
  send(): Promise<StatementResult>;
  /** Sends another statement over the same connection. That one passes through nothing. */
  sendInstead(sql: string): Promise<StatementResult>;
}

/** Lets every statement of a connection pass through the interceptor. A connection without one is not touched. */
export function intercept(
  connection: StatementConnection,
  { interceptor, engine }: { interceptor: Interceptor; engine: Engine['name'] },
): void {
  const executeQuery = connection.executeQuery.bind(connection);
  const intercepted = (query: CompiledQuery) =>
    interceptor({
      engine,
      sql: query.sql,
      parameters: query.parameters,
      connection,
      send: () => executeQuery(query),
      sendInstead: (text) => executeQuery({ ...query, sql: text, parameters: [] }),
    });
  // In its place, as Kysely's own log does it: the driver knows its connections by identity.
  Object.defineProperty(connection, 'executeQuery', { value: intercepted });
}
