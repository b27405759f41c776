import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const project = inject('publishedProject');
const README = new URL('../../../README.md', import.meta.url);

test("the README's first program runs against a server, both from their packages", async () => {
  const server = await startServer();
  const { code, url } = await firstProgram();
  await writeFile(join(project, 'first.ts'), code.replace(url, server.url));
  const { stdout } = await run(process.execPath, ['first.ts'], {
    cwd: project,
    env: { ...process.env, CUSTOMER_TOKEN: server.token },
  });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toMatch(/^(WAITING|PAID|PLACED|COMPLETED) \d+$/);
});

test('what the server says to try works without its source', async () => {
  const { url, advice } = await startServer();
  expect(advice).toEqual([
    `curl ${url}/api/products`,
    `open ${url}/docs`,
    expect.stringMatching(/^npm install @baguni\/sdk +# /),
  ]);
  expect((await fetch(`${url}/trpc/products.list`)).status).toBe(200);
  const description = await fetch(`${url}/openapi.json`);
  expect(await description.json()).toMatchObject({
    paths: { '/api/orders': { post: { operationId: 'orders.place' } } },
  });
});

async function firstProgram(): Promise<{ code: string; url: string }> {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(await readFile(README, 'utf8')) ?? [];
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(code) ?? [];
  return { code, url };
}

interface Welcome {
  readonly url: string;
  readonly token: string;
  /** The lines that it says to try. */
  readonly advice: readonly string[];
}

/** The demo shop, in an empty folder. */
async function startServer(): Promise<Welcome> {
  const folder = await mkdtemp(join(project, 'shop-'));
  const program = join(project, 'node_modules/.bin/baguni-server');
  const server = spawn(program, ['--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  });
  return await welcomeOf(server);
}

async function welcomeOf({ stdout }: Pick<ChildProcess, 'stdout'>): Promise<Welcome> {
  let printed = '';
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const [, url, token, advice] =
      /open at (\S+).*Customer token\s+(\S+)\s.*Try,[^\n]*\n(.*\n.*)\n/s.exec(printed) ?? [];
    if (url === undefined || token === undefined || advice === undefined) continue;
    return { url, token, advice: advice.split('\n').map((line) => line.trim()) };
  }
  throw new Error(`The server said: ${printed}`);
}
