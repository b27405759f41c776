import { type Database, type EntityManager, openDatabase, UnitOfWork } from '@baguni/db';

import { Authenticator, type TokenSettings } from './authenticator.ts';

export interface ShopOptions {
  /** `postgres://…`, `sqlite:path/to/file` or `sqlite::memory:`. */
  readonly databaseUrl: string;
  /** How customers' tokens are checked. */
  readonly tokens: TokenSettings;
  /** The time, instead of the database's and the process's clocks. For tests. */
  readonly clock?: () => Date;
  /** Checks after each refusal that it changed nothing. Slow; for tests. */
  readonly verifyRefusals?: boolean;
}

/** One engine: everything that the procedures work with. */
export class Shop {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly authenticator: Authenticator;

  constructor(database: Database, unitOfWork: UnitOfWork, authenticator: Authenticator) {
    this.database = database;
    this.unitOfWork = unitOfWork;
    this.authenticator = authenticator;
  }

  /** A fresh EntityManager for one read. Reads never enter the unit of work. */
  read(): EntityManager {
    return this.database.fork();
  }

  /** Lets the work under way finish, then lets go of the database. */
  async close(): Promise<void> {
    await this.unitOfWork.drain();
    await this.database.close();
  }
}

/** Opens a shop and brings its tables up to date. */
export async function openShop({ databaseUrl, tokens, clock, verifyRefusals }: ShopOptions): Promise<Shop> {
  const database = openDatabase(databaseUrl);
  await database.migrate();
  const unitOfWork = new UnitOfWork(database, {
    ...(clock && { clock }),
    ...(verifyRefusals !== undefined && { verifyRefusals }),
  });
  return new Shop(database, unitOfWork, new Authenticator(database, tokens, clock ?? (() => new Date())));
}
