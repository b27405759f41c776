import pg from 'pg';

const SCHEMA = 'race_start';

/** What a database held at a moment, kept beside it, to go back to in a few milliseconds. */
export class StartState implements AsyncDisposable {
  readonly #client: pg.Client;
  readonly #restoring: readonly string[];

  private constructor(client: pg.Client, restoring: readonly string[]) {
    this.#client = client;
    this.#restoring = restoring;
  }

  /** Keeps what the database holds now. */
  static async of(url: string, tables: readonly string[]): Promise<StartState> {
    const client = new pg.Client({ connectionString: url, application_name: 'race start' });
    // The statement in flight fails by itself; without a listener the whole process would die of a lost connection.
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`drop schema if exists ${SCHEMA} cascade; create schema ${SCHEMA}`);
    for (const table of tables) await client.query(`create table ${SCHEMA}.${table} as table public.${table}`);
    const { rows: sequences } = await client.query<{ name: string; last: string | null; start: string }>(
      `select quote_ident(sequencename) as name, last_value as last, start_value as start
       from pg_sequences where schemaname = 'public'`,
    );
    const filled = await tablesWithRows(client, tables);
    // One statement each, at whose end the foreign keys are checked, so that the order of the tables does not matter.
    const deletions = tables.map((table, index) => `d${index} as (delete from public.${table})`);
    const insertions = filled.map(
      (table, index) => `i${index} as (insert into public.${table} table ${SCHEMA}.${table})`,
    );
    const resets = sequences.map(
      ({ name, last, start }) => `setval('public.${name}', ${last ?? start}, ${last !== null})`,
    );
    return new StartState(client, [
      `with ${deletions.join()} select`,
      ...(insertions.length > 0 ? [`with ${insertions.join()} select`] : []),
      `select ${resets.join()}`,
    ]);
  }

  async restore(): Promise<void> {
    await this.#client.query(`begin; ${this.#restoring.join('; ')}; commit`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

async function tablesWithRows(client: pg.Client, tables: readonly string[]): Promise<string[]> {
  const filled: string[] = [];
  for (const table of tables) {
    const { rowCount } = await client.query(`select from public.${table} limit 1`);
    if (rowCount) filled.push(table);
  }
  return filled;
}
