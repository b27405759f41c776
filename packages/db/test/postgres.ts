import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Someone who looks at a database from outside, and meddles with it. */
export async function observe(url: string): Promise<Observer> {
  const client = new pg.Client({ connectionString: url, application_name: 'observer' });
  await client.connect();
  onTestFinished(() => client.end());
  return new Observer(client);
}

/** How often an observer looks before it gives up: each look is a round trip, some thousands a second. */
const LOOKS_MAX = 50_000;
/** Far fewer than fit into the ten seconds after which a pool lets an idle connection go by itself. */
const LOOKS_FOR_GONE_MAX = 2_000;

export class Observer {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async query(sql: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
    const { rows } = await this.#client.query<Record<string, unknown>>(sql, parameters);
    return rows;
  }

  /** Settles once so many connections of the shop wait for a lock that someone else holds; answers which they are. */
  async blocked(count: number): Promise<number[]> {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const rows = await this.query(
        `select pid from pg_stat_activity
         where datname = current_database() and application_name = 'baguni' and wait_event_type = 'Lock' order by pid`,
      );
      if (rows.length === count) return rows.map(({ pid }) => Number(pid));
    }
    throw new Error(`There were never ${count} connections that wait for a lock.`);
  }

  /** How many connections go by this name. */
  async connections(name: string): Promise<number> {
    const [row] = await this.query(
      `select count(*) as count from pg_stat_activity where datname = current_database() and application_name = $1`,
      [name],
    );
    return Number(row?.count);
  }

  /** Settles once no connection goes by this name any more: Postgres takes a moment after a client has hung up. */
  async gone(name: string): Promise<void> {
    for (let look = 0; look < LOOKS_FOR_GONE_MAX; look++) if ((await this.connections(name)) === 0) return;
    throw new Error(`A connection of ${name} stays.`);
  }

  async terminate(pid: number): Promise<void> {
    await this.query('select pg_terminate_backend($1)', [pid]);
  }

  /** How many deadlocks this database has had to break up. Disconnects the shop, so it is asked last. */
  async deadlocks(): Promise<number> {
    // A connection tells what it has counted some seconds later, or when it ends; this waits for the end of each.
    await this.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity
       where datname = current_database() and application_name = 'baguni'`,
    );
    const [row] = await this.query('select deadlocks from pg_stat_database where datname = current_database()');
    return Number(row?.deadlocks);
  }

  /** Connections of the shop that are still in a transaction. */
  async inTransaction(): Promise<number> {
    const [row] = await this.query(
      `select count(*) as count from pg_stat_activity
       where datname = current_database() and application_name = 'baguni' and state <> 'idle'`,
    );
    return Number(row?.count);
  }
}

/** Keeps the rows that a statement locks or writes, from outside the shop, until the answer is called. */
export async function hold(url: string, sql: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: 'holder' });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query(sql, parameters);
  return async () => {
    await client.query('rollback');
  };
}

/** What becomes of the next COMMIT. */
export type CommitFate =
  | 'passes'
  /** The connection is cut; Postgres never sees the COMMIT. */
  | 'is lost'
  /** Postgres commits; the connection is cut before it can say so. */
  | 'is not confirmed'
  /** The connection is cut first; Postgres sees the COMMIT only once `deliver()` is called. */
  | 'is late';

/** Stands between a shop and its Postgres, and breaks the connection while COMMIT is under way. */
export class CommitProxy {
  readonly url: string;
  cuts = 0;
  #fate: CommitFate = 'passes';
  #times = 0;
  #deliver: (() => void) | undefined;

  static async before(url: string): Promise<CommitProxy> {
    const target = new URL(url);
    const sockets = new Set<Socket>();
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = server.address();
    const proxy = new CommitProxy(target, address);
    server.on('connection', (client) => {
      const upstream = dial(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => undefined);
      }
      proxy.#join(client, upstream);
    });
    return proxy;
  }

  private constructor(target: URL, address: AddressInfo | string | null) {
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    this.url = url.href;
  }

  /** Decides the fate of the next COMMITs; those after them pass. */
  nextCommit(fate: CommitFate, times = 1): void {
    this.#fate = fate;
    this.#times = times;
  }

  /** Hands the late COMMIT to Postgres. */
  deliver(): void {
    this.#deliver?.();
  }

  #join(client: Socket, upstream: Socket): void {
    let isCut = false;
    client.on('data', (chunk) => {
      const fate = isCommit(chunk) && this.#times > 0 ? this.#fate : 'passes';
      if (fate === 'passes') {
        upstream.write(chunk);
        return;
      }
      this.#times--;
      this.cuts++;
      isCut = true;
      if (fate === 'is lost') {
        client.destroy();
        upstream.destroy();
      } else if (fate === 'is not confirmed') {
        upstream.once('data', () => client.destroy());
        upstream.write(chunk);
      } else {
        client.destroy();
        this.#deliver = () => upstream.write(chunk);
      }
    });
    upstream.on('data', (chunk) => {
      if (!isCut) client.write(chunk);
    });
    client.on('close', () => {
      if (!isCut) upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
  }
}

function isCommit(chunk: Buffer): boolean {
  return chunk.toString('latin1').toLowerCase().includes('commit\0');
}
