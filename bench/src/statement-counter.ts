import type { Pool } from 'pg';

/** What a Postgres must be started with to be counted. Off until counting begins, because counting costs some speed. */
export const COUNTING = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'none' };

/** Counts the statements that the server itself has seen. */
export class StatementCounter {
  readonly #admin: Pool;

  constructor(admin: Pool) {
    this.#admin = admin;
  }

  /** How many statements a database was sent while something ran; undefined where the server cannot tell. */
  async during(database: string, run: () => Promise<unknown>): Promise<number | undefined> {
    if (!(await this.#isAvailable())) {
      await run();
      return undefined;
    }
    await this.#track('top');
    await this.#admin.query('select pg_stat_statements_reset()');
    await run();
    await this.#track('none');
    const { rows } = await this.#admin.query<{ calls: string }>(
      `select coalesce(sum(calls), 0) as calls from pg_stat_statements
       where dbid = (select oid from pg_database where datname = $1)`,
      [database],
    );
    return Number(rows[0]?.calls);
  }

  async #isAvailable(): Promise<boolean> {
    const { rows } = await this.#admin.query<{ libraries: string }>(
      `select current_setting('shared_preload_libraries') as libraries`,
    );
    if (!rows[0]?.libraries.includes('pg_stat_statements')) return false;
    await this.#admin.query('create extension if not exists pg_stat_statements');
    return true;
  }

  async #track(what: 'top' | 'none'): Promise<void> {
    await this.#admin.query(`alter system set pg_stat_statements.track = '${what}'`);
    await this.#admin.query('select pg_reload_conf()');
    // Sessions read the new setting when they are next idle.
    await this.#admin.query('select pg_sleep(0.1)');
  }
}
