import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Configuration, type EntityProperty, MikroORM } from '@mikro-orm/core';
import {
  AbstractSqlDriver,
  BaseSqliteConnection,
  type DatabaseTable,
  SqlitePlatform,
  SqliteSchemaHelper,
} from '@mikro-orm/sql';
import BetterSqlite3 from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely';
import { sqliteMigrations } from '../migrations/sqlite.ts';
import { ormOptions } from '../orm-options.ts';
import type { Engine, GivenColumn, IdSource } from './engine.ts';
import { type Interceptor, intercept } from './interceptor.ts';
import { KyselyTransaction } from './open-transaction.ts';
import { type KyselyInUse, runOnOwnKysely } from './own-kysely.ts';
import { PreparedStatements } from './prepared-statements.ts';
import type { Statement, StatementRunner } from './statement.ts';

const IN_MEMORY = ':memory:';

/** A SQLite file, or a database in memory: empty, or as it was when its bytes were taken. */
export function sqliteEngine(source: string | Buffer, interceptor?: Interceptor): Engine {
  const opened = new OpenedFile(source, interceptor);
  return {
    name: 'sqlite',
    options: {
      driver: StrictSqliteDriver,
      dbName: typeof source === 'string' ? source : IN_MEMORY,
      migrations: { migrationsList: sqliteMigrations, pathTs: 'packages/db/src/migrations/sqlite' },
    },
    connect() {
      const orm = sharedOrm(this);
      const driver = new StrictSqliteDriver(orm.config, opened);
      driver.getPlatform().setConfig(orm.config);
      driver.setMetadata(orm.getMetadata());
      return {
        em: driver.createEntityManager(false),
        async read(sql, parameters) {
          const query = CompiledQuery.raw(sql, [...parameters]);
          return (await driver.kysely().executeQuery<Record<string, unknown>>(query)).rows;
        },
        async begin() {
          // Embedded, it answers at once: without a turn of the event loop between them, a long queue of transactions
          // would keep everything else from being done.
          await setImmediate();
          return new KyselyTransaction(await driver.kysely().startTransaction().execute());
        },
      };
    },
    bytes: (em) => em.transactional(async () => opened.file.serialize()),
    rowCounts(tables) {
      const counts = tables.map((table) => `(select count(*) from ${table}) as ${table}`);
      const row = opened.file.prepare<[], Record<string, number>>(`select ${counts.join()}`).get();
      return new Map(Object.entries(row ?? {}));
    },
    batchesInFlightMax: 1,
    snapshot: {},
    clockSql: "cast(unixepoch('subsec') * 1000 as integer)",
    millisecondsSql: (column) => column,
    // A transaction that writes has the whole database to itself.
    rowLockSql: '',
    sqlOf: ({ text }) => text,
    isOneOf: (column, values, { selected }) => ({
      text: `${column} in (${[...selected, 'select value from json_each(?)'].join(' union all ')})`,
      value: JSON.stringify(values),
    }),
    given,
    parameter: (value) => (typeof value === 'boolean' ? Number(value) : value),
    write: writeOneByOne,
    createIdSource: () => new TableSequences(),
    // A transaction that writes has the whole database to itself.
    isAlone: async () => true,
    // A migration's transaction keeps others out, but the ORM makes its list of migrations before it. Of several
    // processes that start on a new file at once one makes it, and the others find it at their second try.
    oneAtATime: (_em, migrate) => migrate().catch(() => migrate()),
  };
}

function given(columns: readonly GivenColumn[]): string {
  const fields = columns.map(({ field }) => `value ->> '$.${field}' as "${field}"`);
  return `(select ${fields.join()} from json_each(?)) as given`;
}

async function writeOneByOne(transaction: StatementRunner, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return;
  // Until the commit, so that it does not matter which of two rows that refer to each other is written first.
  await transaction.run({ text: 'pragma defer_foreign_keys = on', values: [], isRepeated: true });
  for (const statement of statements) await transaction.run(statement);
}

let orm: MikroORM<AbstractSqlDriver> | undefined;

// Finding out about the entities takes ten times as long as opening a database in memory, and is the same for all of them.
function sharedOrm(engine: Engine): MikroORM<AbstractSqlDriver> {
  orm ??= new MikroORM<AbstractSqlDriver>(ormOptions(engine));
  return orm;
}

/** A SQLite file, opened when it is first needed. */
class OpenedFile {
  /** Stands before every statement, if there is one. */
  readonly interceptor: Interceptor | undefined;
  readonly #source: string | Buffer;
  #file: BetterSqlite3.Database | undefined;

  constructor(source: string | Buffer, interceptor?: Interceptor) {
    this.#source = source;
    this.interceptor = interceptor;
  }

  get file(): BetterSqlite3.Database {
    if (!this.#file) throw new Error('The database is not open.');
    return this.#file;
  }

  open(): BetterSqlite3.Database {
    const source = this.#source;
    const isOnDisk = typeof source === 'string' && source !== IN_MEMORY;
    if (isOnDisk) mkdirSync(dirname(source), { recursive: true });
    const file = new BetterSqlite3(source, { timeout: 5_000 });
    if (isOnDisk) {
      file.pragma('journal_mode = WAL');
      // An answered order must survive a power cut, so each commit reaches the disk.
      file.pragma('synchronous = FULL');
    }
    this.#file = file;
    return file;
  }
}

class EmbeddedDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return new WritingFirstDriver(this.#config);
  }
}

// A transaction that reads first and writes later can find, when it writes, that another process wrote
// in between, and can only fail. Taking the write lock at BEGIN makes it wait its turn instead.
class WritingFirstDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** The driver of one database: several of them, each with a source of its own, share one ORM. */
class StrictSqliteDriver extends AbstractSqlDriver {
  readonly kysely: KyselyInUse;

  constructor(config: Configuration, opened = new OpenedFile(config.get('dbName') ?? IN_MEMORY)) {
    super(config, new StrictSqlitePlatform(), EmbeddedConnection, ['kysely']);
    const { interceptor } = opened;
    const createDialect = () =>
      new EmbeddedDialect({
        database: async () => new PreparedStatements(opened.open()),
        ...(interceptor && {
          onCreateConnection: async (connection) => intercept(connection, { interceptor, engine: 'sqlite' }),
        }),
      });
    this.kysely = runOnOwnKysely(this.connection, createDialect);
  }
}

class EmbeddedConnection extends BaseSqliteConnection {
  // The driver has given it one.
  override createKysely(): void {}
}

/** Declares every column with a type that STRICT tables know, so that text never lands in an amount. */
class StrictSqlitePlatform extends SqlitePlatform {
  override readonly schemaHelper: SqliteSchemaHelper = new StrictSchemaHelper(this);

  override getBigIntTypeDeclarationSQL(): string {
    return 'integer';
  }

  override getDateTimeTypeDeclarationSQL(): string {
    return 'integer';
  }

  // A Date is stored as a number, but it is no number to the one who reads it.
  override isNumericProperty(property: EntityProperty, ignoreCustomType?: boolean): boolean {
    return property.runtimeType !== 'Date' && super.isNumericProperty(property, ignoreCustomType);
  }

  override getJsonDeclarationSQL(): string {
    return 'text';
  }
}

class StrictSchemaHelper extends SqliteSchemaHelper {
  override createTable(table: DatabaseTable, alter?: boolean): string[] {
    const [create = '', ...rest] = super.createTable(table, alter);
    return [create.replace(/\);?$/, ') strict;'), ...rest];
  }
}

/**
 * SQLite keeps the last id of each table in `sqlite_sequence`, and a transaction of the unit of work
 * is the only writer while it runs, so counting on from there is exact.
 */
class TableSequences implements IdSource {
  #last = new Map<string, number>();

  async prepare(transaction: StatementRunner): Promise<void> {
    const text = 'select name, seq from sqlite_sequence';
    const rows = await transaction.run<{ name: string; seq: number }>({ text, values: [], isRepeated: true });
    this.#last = new Map(rows.map((row) => [row.name, row.seq]));
  }

  next(table: string): number {
    const id = (this.#last.get(table) ?? 0) + 1;
    this.#last.set(table, id);
    return id;
  }
}
