import { IsolationLevel, MikroORM } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { AbstractSqlDriver } from '@mikro-orm/sql';
import { CompiledQuery, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { postgresMigrations } from '../migrations/postgres.ts';
import { ormOptions } from '../orm-options.ts';
import {
  type Among,
  type Connected,
  type Engine,
  type Exclusive,
  type GivenColumn,
  type IdSource,
  IdsExhausted,
} from './engine.ts';
import { type Interceptor, intercept } from './interceptor.ts';
import type { StatementConnection } from './open-transaction.ts';
import { runOnOwnKysely } from './own-kysely.ts';
import { PipelinedConnection, PipelinedTransaction } from './pipelined-transaction.ts';
import { asPrepared, PreparingClient } from './preparing-client.ts';
import { READ_TYPES } from './read-types.ts';
import type { Statement, StatementRunner } from './statement.ts';

/** Any number that no other program that shares the database uses for an advisory lock. */
const MIGRATION_LOCK = 8_243_061;
const EXCLUSIVE_LOCKS: Readonly<Record<Exclusive, number>> = { sequencing: 8_243_062 };

/** How many ids of a table a process keeps at hand, to begin with. */
const IDS_AT_HAND = 64;

// Nothing waits for ever: a statement, a lock and an idle transaction each have their end on the server,
// where a client that has gone away cannot leave work running.
const TIMEOUTS = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
  connectionTimeoutMillis: 5_000,
};

export function postgresEngine(url: string, interceptor?: Interceptor): Engine {
  return {
    name: 'postgres',
    options: {
      driver: PostgreSqlDriver,
      clientUrl: url,
      pool: { min: 0, max: 10 },
      driverOptions: { ...TIMEOUTS, application_name: applicationName(url), Client: PreparingClient, pipeline: true },
      migrations: { migrationsList: postgresMigrations, pathTs: 'packages/db/src/migrations/postgres' },
    },
    connect() {
      return connected(new MikroORM<AbstractSqlDriver>(ormOptions(this)), interceptor);
    },
    bytes() {
      return Promise.reject(new Error('A Postgres database cannot be copied from here; make it from a template.'));
    },
    batchesInFlightMax: 2,
    snapshot: { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
    clockSql: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
    millisecondsSql: (column) => `(extract(epoch from ${column}) * 1000)::bigint`,
    // A new row that names another one takes a share of that one's key, outside the order in which rows are locked.
    // FOR UPDATE would make it wait, and two transactions could wait for each other; ids never change, so this lock does.
    rowLockSql: 'for no key update',
    sqlOf: ({ text, isRepeated }) => (isRepeated ? repeatedSql(text) : numbered(text)),
    isOneOf,
    given,
    parameter: (value) => value,
    write: writeAtOnce,
    createIdSource: (tables) => new PooledIds(tables),
    async isAlone(em, work) {
      const [row] = await em.execute<{ granted: boolean }[]>('select pg_try_advisory_xact_lock(?) as granted', [
        EXCLUSIVE_LOCKS[work],
      ]);
      return row?.granted === true;
    },
    async oneAtATime(em, migrate) {
      await em.transactional(async (locking) => {
        // A migration may take long, and so may waiting for another process's.
        await locking.execute('set local lock_timeout = 0; set local statement_timeout = 0');
        await locking.execute('set local idle_in_transaction_session_timeout = 0');
        await locking.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
        await migrate();
      });
    },
  };
}

/** The name by which the server knows the connections; a URL may give another one, as with any Postgres client. */
function applicationName(url: string): string {
  return new URL(url).searchParams.get('application_name') ?? 'baguni';
}

function connected({ em }: MikroORM<AbstractSqlDriver>, interceptor: Interceptor | undefined): Connected {
  const connection = em.getDriver().getConnection();
  if (!(connection instanceof PostgreSqlConnection))
    throw new Error('The driver of Postgres has no connection of its own.');
  let opened: pg.Pool | undefined;
  // The ORM's pool: its limits, its parsers, its ears for connections that the server drops.
  const pool = async () => {
    if (opened && !opened.ending) return opened;
    // Without its own first query, for which there is no pool yet.
    await connection.connect({ skipOnConnect: true });
    opened = await connection.getNativeClient();
    return opened;
  };
  // Kysely ends the pool with itself, but none that it has not used.
  const endPool = async () => {
    if (opened && !opened.ending) await opened.end();
  };
  const stopBefore = (made: StatementConnection) => {
    if (interceptor) intercept(made, { interceptor, engine: 'postgres' });
  };
  const createDialect = () => new PostgresDialect({ pool, onCreateConnection: async (made) => stopBefore(made) });
  const connectionsWith = (types?: pg.CustomTypesConfig) => {
    const connections = new WeakMap<pg.PoolClient, StatementConnection>();
    return (client: pg.PoolClient): StatementConnection => {
      const known = connections.get(client);
      if (known) return known;
      const made = new PipelinedConnection(client, types);
      stopBefore(made);
      connections.set(client, made);
      return made;
    };
  };
  const forTransactions = connectionsWith();
  const forReads = connectionsWith(READ_TYPES);
  runOnOwnKysely(connection, createDialect, endPool);
  return {
    em,
    async read(sql, parameters) {
      const client = await (await pool()).connect();
      try {
        const query = CompiledQuery.raw(sql, [...parameters]);
        return (await forReads(client).executeQuery<Record<string, unknown>>(query)).rows;
      } finally {
        // The pool itself sees whether the connection is still good.
        client.release();
      }
    },
    async begin() {
      const client = await (await pool()).connect();
      return new PipelinedTransaction(client, forTransactions(client));
    },
  };
}

/** How many texts are remembered: batches of many kinds of commands make many statements, and most of them once. */
const REPEATED_MAX = 1_000;
const repeated = new Map<string, string>();

// Numbering a long statement takes longer than finding out that it is known.
function repeatedSql(text: string): string {
  const known = repeated.get(text);
  if (known !== undefined) return known;
  const sql = asPrepared(numbered(text));
  if (repeated.size < REPEATED_MAX) repeated.set(text, sql);
  return sql;
}

function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${++count}`);
}

function isOneOf(column: string, values: readonly (string | number)[], { type, selected }: Among) {
  // A cast to varchar(n) would cut a longer text off, and find what was not asked for.
  const elementType = type.startsWith('varchar') ? 'text' : type;
  const given = `?::${elementType}[]`;
  // As an array what is selected is found out once and looked up by an index, where a join may read the whole table.
  const wanted = selected.length === 0 ? given : `array(${selected.join(' union all ')}) || ${given}`;
  return { text: `${column} = any(${wanted})`, value: values };
}

function given(columns: readonly GivenColumn[]): string {
  // A field that is JSON itself comes as its text.
  const types = columns.map(({ field, type }) => `"${field}" ${type === 'jsonb' ? 'text' : type}`);
  const fields = columns.map(({ field, type }) => `"${field}"${type === 'jsonb' ? '::jsonb' : ''}`);
  return `(select ${fields.join()} from json_to_recordset(?) as given(${types.join()})) as given`;
}

// In one statement, for one round trip; foreign keys are checked at its end.
async function writeAtOnce(transaction: StatementRunner, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return;
  const parts = statements.map(({ text }, index) => `write_${index} as (${text})`);
  await transaction.run({
    text: `with ${parts.join()} select`,
    values: statements.flatMap(({ values }) => values),
    isRepeated: statements.every(({ isRepeated }) => isRepeated),
  });
}

/**
 * Takes ids from the tables' sequences ahead of need, many at a time. Sequences never roll back,
 * so ids that were not used leave a gap and are never given twice.
 */
class PooledIds implements IdSource {
  readonly #pools: Map<string, { ids: number[]; atHand: number }>;

  constructor(tables: readonly string[]) {
    this.#pools = new Map(tables.map((table) => [table, { ids: [], atHand: IDS_AT_HAND }]));
  }

  async prepare(transaction: StatementRunner): Promise<void> {
    const low = [...this.#pools].filter(([, pool]) => pool.ids.length < pool.atHand);
    if (low.length === 0) return;
    const selects = low.map(
      ([table, pool]) =>
        `select '${table}' as "table", nextval('${table}_id_seq') as id from generate_series(1, ${pool.atHand * 4})`,
    );
    const text = selects.join(' union all ');
    const rows = await transaction.run<{ table: string; id: string }>({ text, values: [], isRepeated: false });
    for (const row of rows) this.#pools.get(row.table)?.ids.push(Number(row.id));
    // Two transactions that ask at once may be answered in either order. Within one transaction ids only grow,
    // so that they tell the order of what it added.
    for (const [table] of low) this.#pools.get(table)?.ids.sort((a, b) => a - b);
  }

  next(table: string): number {
    const pool = this.#pools.get(table);
    if (!pool) throw new Error(`Table ${table} has no ids.`);
    const id = pool.ids.shift();
    if (id !== undefined) return id;
    pool.atHand *= 4;
    throw new IdsExhausted(`No ids of ${table} are at hand.`);
  }
}
