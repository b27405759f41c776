import { type PostgresServer, startPostgres } from '@baguni/testing/postgres';
import pg from 'pg';
import { ServerCpu } from './server-cpu.ts';
import { COUNTING, StatementCounter } from './statement-counter.ts';

/** Without these an answered order could be lost, and every figure would be too good. */
const DURABILITY = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };
const NOTED = ['server_version', 'shared_buffers', 'max_wal_size', 'wal_sync_method', 'max_connections'];

/** A Postgres of the bench's own, as durable as in production, and what can be known about its work. */
export class BenchServer implements AsyncDisposable {
  readonly postgres: PostgresServer;
  readonly statements: StatementCounter;
  readonly cpu: ServerCpu;
  readonly settings: Readonly<Record<string, string>>;
  readonly #admin: pg.Pool;

  private constructor(postgres: PostgresServer, admin: pg.Pool, settings: Readonly<Record<string, string>>) {
    this.postgres = postgres;
    this.settings = settings;
    this.#admin = admin;
    this.statements = new StatementCounter(admin);
    this.cpu = new ServerCpu(admin);
  }

  static async start(): Promise<BenchServer> {
    const postgres = await startPostgres({
      durable: true,
      settings: COUNTING,
    });
    const admin = new pg.Pool({ connectionString: postgres.url, max: 1 });
    return new BenchServer(postgres, admin, await readSettings(admin));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.end();
    await this.postgres.stop();
  }
}

async function readSettings(admin: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; setting: string }>(
    'select name, current_setting(name) as setting from pg_settings where name = any($1)',
    [[...Object.keys(DURABILITY), ...NOTED]],
  );
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  for (const [name, value] of Object.entries(DURABILITY)) {
    if (settings[name] !== value) throw new Error(`The server has ${name} = ${settings[name]}; figures need ${value}.`);
  }
  return settings;
}
