import pg from 'pg';

/** Sees, over a connection of its own, which of some named applications wait for a lock that another of them holds. */
export class LockWatch implements AsyncDisposable {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async on(url: string): Promise<LockWatch> {
    const client = new pg.Client({ connectionString: url, application_name: 'race watch' });
    // The statement in flight fails by itself; without a listener the whole process would die of a lost connection.
    client.on('error', () => undefined);
    await client.connect();
    return new LockWatch(client);
  }

  /** For each operation that waits: those whose locks it waits for. */
  async waits(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { rows } = await this.#client.query<{ waiting: string; holder: string }>({
      name: 'waits',
      text: `
        select waiting.application_name as waiting, holder.application_name as holder
        from pg_stat_activity as waiting
        join pg_stat_activity as holder on holder.pid = any(pg_blocking_pids(waiting.pid))
        where waiting.datname = current_database() and waiting.wait_event_type = 'Lock'
          and waiting.application_name like '${PREFIX}%' and holder.application_name like '${PREFIX}%'`,
    });
    const waits = new Map<string, string[]>();
    for (const { waiting, holder } of rows) {
      const holders = waits.get(operationOf(waiting)) ?? [];
      waits.set(operationOf(waiting), [...new Set([...holders, operationOf(holder)])]);
    }
    return waits;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

const PREFIX = 'race: ';

/** The URL by which the connections of an operation can be told from others. */
export function urlOf(operation: string, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', PREFIX + operation);
  return url.href;
}

function operationOf(applicationName: string): string {
  return applicationName.slice(PREFIX.length);
}
