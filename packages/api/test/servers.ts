import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createClient } from '@baguni/sdk';
import { onTestFinished } from 'vitest';
import { newApiKey, signCustomerToken } from '../src/index.ts';

/** What a server process runs. */
export const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Server processes that share one database, and clients that spread their calls over them. */
export interface Servers {
  readonly urls: string[];
  readonly adminKey: string;
  tokenOf(user: { id: number }): Promise<string>;
  readonly admin: ReturnType<typeof createClient>;
  /** A client of this user at one of the servers: the `nth` one, counted around. */
  customer(user: { id: number }, nth: number): ReturnType<typeof createClient>;
}

/** Starts servers for one test; they stop when it ends. */
export async function startServers(count: number, databaseUrl: string, options?: ServerOptions): Promise<Servers> {
  const servers = openServers(count, databaseUrl, options);
  onTestFinished(servers.stop);
  return servers.opened;
}

interface ServerOptions {
  /** Whether an empty shop is filled with the demo's products, and pays without money. */
  readonly demo?: boolean;
}

/** Starts servers for whoever stops them. */
export function openServers(
  count: number,
  databaseUrl: string,
  { demo = false }: ServerOptions = {},
): { opened: Promise<Servers>; stop(): Promise<void> } {
  const secret = 'a secret that three servers share for a test';
  const { key } = newApiKey();
  const environment = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    JWT_SECRET: secret,
    ADMIN_KEY: key,
    DEMO: String(demo),
  };
  const processes = Array.from({ length: count }, () =>
    spawn(process.execPath, [MAIN, '--port', '0'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const opened = connectTo(processes, { key, secret });
  return {
    opened,
    stop: async () => {
      await Promise.all(processes.map(stop));
    },
  };
}

async function connectTo(
  processes: readonly ChildProcess[],
  { key, secret }: { key: string; secret: string },
): Promise<Servers> {
  const urls = await Promise.all(processes.map(addressOf));
  const urlOf = (nth: number) => String(urls[nth % urls.length]);
  const expiresAt = new Date(Date.now() + 60 * 60 * 1_000);
  const tokenOf = ({ id }: { id: number }) => signCustomerToken(id, secret, expiresAt);
  return {
    urls,
    adminKey: key,
    tokenOf,
    admin: createClient({ url: urlOf(0), token: key }),
    customer: (user, nth) => {
      const token = tokenOf(user);
      return createClient({ url: urlOf(nth), token: () => token });
    },
  };
}

/** The address that a server process says it is open at. */
export async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('The server has no output to read.');
  for await (const line of createInterface({ input: stdout })) {
    const address = /open at (\S+)/.exec(line)?.[1];
    if (address) return address;
  }
  throw new Error('The server ended before it was open.');
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
}

/** Runs calls with at most `callers` of them under way at once, and gives how each ended. */
export async function raceOf<Answer>(
  callers: number,
  calls: readonly (() => PromiseLike<Answer>)[],
): Promise<PromiseSettledResult<Answer>[]> {
  const ended: PromiseSettledResult<Answer>[] = [];
  const queue = calls.entries();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const [place, call] of queue) {
        const [result] = await Promise.allSettled([call()]);
        ended[place] = result;
      }
    }),
  );
  return ended;
}

export function answersOf<Answer>(ended: readonly PromiseSettledResult<Answer>[]): Answer[] {
  return ended.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** How often each reason was given. A call that failed without one fails the test. */
export function reasonsOf(ended: readonly PromiseSettledResult<unknown>[]): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const result of ended) {
    if (result.status === 'fulfilled') continue;
    const { reason: error } = result;
    if (!(error instanceof Error && 'reason' in error)) throw error;
    const reason = String(error.reason);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}
