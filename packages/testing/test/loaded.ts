import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LISTENING = ['--import', new URL('loaded-modules.ts', import.meta.url).href];

/** The modules of packages that a program loads from its start to its end. */
export async function loadedBy(program: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [...LISTENING, program]);
  return JSON.parse(stdout);
}

/** The modules of packages that a server loads until it has answered a visitor, a customer and a probe. */
export async function loadedByServer(program: string, databaseUrl: string): Promise<string[]> {
  const server = spawn(process.execPath, [...LISTENING, program, '--port', '0', '--database-url', databaseUrl], {
    env: { ...process.env, JWT_SECRET: 'a secret that is good for one test', ADMIN_KEY: `bgn_${'test-'.repeat(8)}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let last = '';
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /open at (\S+)/.exec(line)?.[1];
      if (url !== undefined) await askAll(url).finally(() => server.kill('SIGTERM'));
      last = line;
    }
    return JSON.parse(last);
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null) await once(server, 'exit');
  }
}

async function askAll(url: string): Promise<void> {
  for (const path of ['/trpc/products.list', '/api/products', '/readyz']) {
    const { status } = await fetch(url + path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
  }
}

/** The names of the packages that modules are of. */
export function packagesOf(modules: readonly string[]): Set<string> {
  return new Set(modules.flatMap((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
}
