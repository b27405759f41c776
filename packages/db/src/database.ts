import type { EntityClass, EntityMetadata } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { type SqlEntityManager, SqlSchemaGenerator } from '@mikro-orm/sql';
import type { Connected, Engine, Exclusive, IdSource } from './engines/engine.ts';
import { engineFromBytes, engineFromUrl } from './engines/from-url.ts';
import type { Interceptor } from './engines/interceptor.ts';
import type { OpenTransaction } from './engines/open-transaction.ts';
import { isUpToDate } from './migrations/up-to-date.ts';
import { type Reader, type ReadOptions, type ReadWhere, type Row, readRows } from './read-rows.ts';
import { type Branches, readTree, type Tree, type Types } from './read-tree.ts';
import { SingleRows } from './single-rows.ts';
import type { Identified } from './unit-of-work/rows.ts';

export interface DatabaseOptions {
  /** Every statement passes through it, for tests; nothing stands there unless said otherwise. */
  readonly interceptor?: Interceptor;
}

/**
 * Opens the database behind a URL: `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`.
 * Connects at first use; call `migrate()` to bring its tables up to date.
 */
export async function openDatabase(url: string, { interceptor }: DatabaseOptions = {}): Promise<Database> {
  return new Database(await engineFromUrl(url, interceptor));
}

/** Opens a database in memory that begins as another one was when its bytes were taken. */
export async function openDatabaseFrom(bytes: Buffer, { interceptor }: DatabaseOptions = {}): Promise<Database> {
  return new Database(await engineFromBytes(bytes, interceptor));
}

/** An open database. */
export class Database {
  readonly engine: Engine;
  readonly ids: IdSource;
  readonly #connected: Connected;
  readonly #singleRows = new SingleRows((type, ids) => this.read(type, { id: { $in: ids } }));

  constructor(engine: Engine, connected = engine.connect()) {
    this.engine = engine;
    this.#connected = connected;
    this.ids = engine.createIdSource(
      this.tables.filter(({ properties }) => 'id' in properties).map(({ tableName }) => tableName),
    );
  }

  /** This database over the same connections, as a process sees it that has just begun: it has taken no ids yet. */
  begunAgain(): Database {
    return new Database(this.engine, this.#connected);
  }

  /** What the ORM knows of each table. */
  get tables(): EntityMetadata[] {
    return [...this.#connected.em.getMetadata()];
  }

  /** What the ORM knows of tables and their rows, for those who read by themselves. No rows go through it. */
  get orm(): SqlEntityManager {
    return this.#connected.em;
  }

  /** A fresh EntityManager. Each read and each transaction takes its own; none is ever shared. */
  fork(): SqlEntityManager {
    return this.#connected.em.fork();
  }

  /** Begins a transaction, for one that sends its statements itself. */
  begin(): Promise<OpenTransaction> {
    return this.#connected.begin();
  }

  get #reader(): Reader {
    const { em, read } = this.#connected;
    return { em, read, engine: this.engine };
  }

  /** Rows to look at, in one statement and without making entities of them. */
  async read<Entity extends object>(
    type: EntityClass<Entity>,
    where: ReadWhere<NoInfer<Entity>>,
    options?: ReadOptions<NoInfer<Entity>>,
  ): Promise<Row<Entity>[]> {
    // Nothing is tracked, so the EntityManager is only asked what it knows of the tables, and need not be a fresh one.
    return readRows(this.#reader, type, where, options);
  }

  /** Rows to look at and rows that belong to them, in one statement, so that all of them are of one moment. */
  async readTree<Root extends Identified, T extends Types>(
    type: EntityClass<Root>,
    where: ReadWhere<NoInfer<Root>>,
    options: ReadOptions<NoInfer<Root>>,
    branches: Branches<T>,
  ): Promise<Tree<Root, T>> {
    return readTree(this.#reader, type, where, options, branches);
  }

  /** One row to look at. Callers who ask at the same time share a statement. */
  async readOne<Entity extends Identified>(type: EntityClass<Entity>, id: number): Promise<Row<Entity> | undefined> {
    return this.#singleRows.one(type, id);
  }

  /** Several reads that see one and the same state, whatever is committed meanwhile. */
  async readConsistently<Answer>(read: (em: SqlEntityManager) => Promise<Answer>): Promise<Answer> {
    return this.fork().transactional(read, this.engine.snapshot);
  }

  /** Does work in a transaction that is the only one to do it; `undefined` when another process is at it. */
  async alone<Answer>(
    exclusive: Exclusive,
    work: (em: SqlEntityManager) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    return this.fork().transactional(async (em) =>
      (await this.engine.isAlone(em, exclusive)) ? await work(em) : undefined,
    );
  }

  /** The time by the database's clock. */
  async now(): Promise<Date> {
    const [row] = await this.fork().execute<{ now: number | string }[]>(`select ${this.engine.clockSql} as now`);
    return new Date(Number(row?.now));
  }

  /** Brings the tables up to date. Safe to call from several processes at once. */
  async migrate(): Promise<void> {
    if (await isUpToDate(this.fork())) return;
    await this.engine.oneAtATime(this.fork(), async () => {
      await new Migrator(this.fork()).up();
    });
  }

  /** The SQL that would make the tables what the entities say; empty when they are. */
  async schemaDifference(): Promise<string> {
    return new SqlSchemaGenerator(this.fork()).getUpdateSchemaSQL();
  }

  /** Everything in a database in memory, as bytes for `openDatabaseFrom`. */
  async bytes(): Promise<Buffer> {
    return this.engine.bytes(this.fork());
  }

  /** Whether the database answers. */
  async isReachable(): Promise<boolean> {
    try {
      await this.fork().execute('select 1');
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#connected.em.getDriver().close(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
