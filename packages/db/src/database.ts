import { MikroORM } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
import type { Engine, IdSource } from './engines/engine.ts';
import { engineFromUrl } from './engines/from-url.ts';
import { ormOptions } from './orm-options.ts';

/**
 * Opens the database behind a URL: `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`.
 * Connects at first use; call `migrate()` to bring its tables up to date.
 */
export function openDatabase(url: string): Database {
  return new Database(engineFromUrl(url));
}

/** An open database. */
export class Database {
  readonly engine: Engine;
  readonly orm: MikroORM<AbstractSqlDriver>;
  readonly ids: IdSource;

  constructor(engine: Engine) {
    this.engine = engine;
    this.orm = new MikroORM<AbstractSqlDriver>(ormOptions(engine));
    this.ids = engine.createIdSource(tablesWithIds(this.orm));
  }

  /** A fresh EntityManager. Each read and each transaction takes its own; none is ever shared. */
  fork(): SqlEntityManager {
    return this.orm.em.fork();
  }

  /** Several reads that see one and the same state, whatever is committed meanwhile. */
  async readConsistently<Answer>(read: (em: SqlEntityManager) => Promise<Answer>): Promise<Answer> {
    return this.fork().transactional(read, this.engine.snapshot);
  }

  /** The time by the database's clock. */
  async now(): Promise<Date> {
    const [row] = await this.fork().execute<{ now: number | string }[]>(`select ${this.engine.clockSql} as now`);
    return new Date(Number(row?.now));
  }

  /** Brings the tables up to date. Safe to call from several processes at once. */
  async migrate(): Promise<void> {
    await this.engine.oneAtATime(this.fork(), async () => {
      await new Migrator(this.fork()).up();
    });
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
    await this.orm.close(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function tablesWithIds(orm: MikroORM<AbstractSqlDriver>): string[] {
  return [...orm.getMetadata()].filter((meta) => 'id' in meta.properties).map((meta) => meta.tableName);
}
