import type BetterSqlite3 from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';

/** How many statements a file keeps prepared. */
const KEPT_MAX = 256;

/**
 * A SQLite file that prepares a statement once, however often it is sent: to prepare one takes longer than to carry it
 * out. Keeps those that were sent last. SQLite itself sees to it that they follow changes of the tables.
 */
export class PreparedStatements implements SqliteDatabase {
  readonly #file: BetterSqlite3.Database;
  /** The one that was sent longest ago comes first. */
  readonly #kept = new Map<string, BetterSqlite3.Statement<unknown[]>>();

  constructor(file: BetterSqlite3.Database) {
    this.#file = file;
  }

  prepare(sql: string): BetterSqlite3.Statement<unknown[]> {
    const known = this.#kept.get(sql);
    // Whoever goes through its rows one by one has it to himself until he has done.
    if (known?.busy) return this.#file.prepare<unknown[]>(sql);
    const statement = known ?? this.#file.prepare<unknown[]>(sql);
    this.#kept.delete(sql);
    this.#kept.set(sql, statement);
    if (this.#kept.size > KEPT_MAX) this.#forgetOldest();
    return statement;
  }

  close(): void {
    this.#kept.clear();
    this.#file.close();
  }

  #forgetOldest(): void {
    for (const sql of this.#kept.keys()) {
      this.#kept.delete(sql);
      return;
    }
  }
}
