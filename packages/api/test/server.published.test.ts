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

async function firstProgram(): Promise<{ code: string; url: string }> {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(await readFile(README, 'utf8')) ?? [];
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(code) ?? [];
  return { code, url };
}

/** The demo shop, in an empty folder. */
async function startServer(): Promise<{ url: string; token: string }> {
  const folder = await mkdtemp(join(project, 'shop-'));
  const program = join(project, 'node_modules/.bin/baguni-server');
  const server = spawn(program, ['--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  });
  const { url, token } = await welcomeOf(server);
  return { url, token };
}

async function welcomeOf({ stdout }: Pick<ChildProcess, 'stdout'>): Promise<{ url: string; token: string }> {
  let printed = '';
  for await (const chunk of stdout ?? []) {
    printed += chunk;
    const [, url, token] = /open at (\S+).*Customer token\s+(\S+)\s/s.exec(printed) ?? [];
    if (url !== undefined && token !== undefined) return { url, token };
  }
  throw new Error(`The server said: ${printed}`);
}
