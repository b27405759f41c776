import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Configuration, EntityProperty } from '@mikro-orm/core';
import {
  AbstractSqlDriver,
  BaseSqliteConnection,
  type DatabaseTable,
  type SqlEntityManager,
  SqlitePlatform,
  SqliteSchemaHelper,
} from '@mikro-orm/sql';
import BetterSqlite3 from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type RawBuilder,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  sql,
} from 'kysely';
import { sqliteMigrations } from '../migrations/sqlite.ts';
import type { Engine, GivenColumn, IdSource } from './engine.ts';

const IN_MEMORY = ':memory:';

export function sqliteEngine(path: string): Engine {
  return {
    name: 'sqlite',
    options: {
      driver: StrictSqliteDriver,
      dbName: path,
      driverOptions: () => new EmbeddedDialect({ database: async () => openFile(path) }),
      migrations: { migrationsList: sqliteMigrations, pathTs: 'packages/db/src/migrations/sqlite' },
    },
    batchesInFlightMax: 1,
    snapshot: {},
    clockSql: "cast(unixepoch('subsec') * 1000 as integer)",
    millisecondsSql: (column) => column,
    // A transaction that writes has the whole database to itself.
    rowLockSql: '',
    isOneOf: (column, values) => sql`${column} in (select value from json_each(${JSON.stringify(values)}))`,
    given,
    write: writeOneByOne,
    createIdSource: () => new TableSequences(),
    // A migration's transaction keeps others out, but the ORM makes its list of migrations before it. Of several
    // processes that start on a new file at once one makes it, and the others find it at their second try.
    oneAtATime: (_em, migrate) => migrate().catch(() => migrate()),
  };
}

function given(json: string, columns: readonly GivenColumn[]): RawBuilder<unknown> {
  const fields = columns.map(({ field }) => `value ->> '$.${field}' as "${field}"`);
  return sql`(select ${sql.raw(fields.join())} from json_each(${json})) as given`;
}

async function writeOneByOne(em: SqlEntityManager, statements: readonly RawBuilder<unknown>[]): Promise<void> {
  if (statements.length === 0) return;
  const connection = em.getKysely();
  // Until the commit, so that it does not matter which of two rows that refer to each other is written first.
  await sql`pragma defer_foreign_keys = on`.execute(connection);
  for (const statement of statements) await statement.execute(connection);
}

function openFile(path: string): BetterSqlite3.Database {
  if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true });
  const database = new BetterSqlite3(path, { timeout: 5_000 });
  database.pragma('journal_mode = WAL');
  // An answered order must survive a power cut, so each commit reaches the disk.
  database.pragma('synchronous = FULL');
  return database;
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

class StrictSqliteDriver extends AbstractSqlDriver {
  constructor(config: Configuration) {
    super(config, new StrictSqlitePlatform(), BaseSqliteConnection, ['kysely']);
  }
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

  async prepare(em: SqlEntityManager): Promise<void> {
    const rows = await em.execute<{ name: string; seq: number }[]>('select name, seq from sqlite_sequence');
    this.#last = new Map(rows.map((row) => [row.name, row.seq]));
  }

  next(table: string): number {
    const id = (this.#last.get(table) ?? 0) + 1;
    this.#last.set(table, id);
    return id;
  }
}
