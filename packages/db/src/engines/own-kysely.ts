import type { AbstractSqlConnection } from '@mikro-orm/sql';
import { type Dialect, Kysely } from 'kysely';

/** The Kysely of a connection, as long as it is open. */
export type KyselyInUse = () => Kysely<unknown>;

/**
 * Lets a connection of MikroORM send all its statements through this package's own Kysely.
 *
 * MikroORM pins the Kysely that it brings, and npm installs that one whatever we depend on. 0.29.6 never gives back
 * the connection of a transaction whose BEGIN or ROLLBACK fails, which costs Postgres a place in the pool and SQLite
 * its only connection, and takes a COMMIT that rolled back for one that went through.
 */
export function runOnOwnKysely(
  connection: AbstractSqlConnection,
  createDialect: () => Dialect,
  onClosed: () => Promise<void> = async () => {},
): KyselyInUse {
  let kysely: Kysely<unknown> | undefined;
  // The ORM closes and connects again when it has to make the database first.
  const inUse = () => (kysely ??= new Kysely<unknown>({ dialect: createDialect() }));
  const execute = connection.execute.bind(connection);
  const close = connection.close.bind(connection);
  // Not overrides: to the compiler, the same class of two versions is two classes.
  Object.defineProperties(connection, {
    // Transactions begin here.
    getClient: { value: inUse },
    execute: {
      value: (...[query, params, method, transaction, logging]: Parameters<AbstractSqlConnection['execute']>) =>
        execute(query, params, method, transaction ?? inUse(), logging),
    },
    close: {
      value: async (force?: boolean) => {
        await close(force);
        const closing = kysely;
        kysely = undefined;
        await closing?.destroy();
        await onClosed();
      },
    },
  });
  return inUse;
}
