import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const project = inject('publishedProject');
const programs = join(project, 'runtimes');
/** The runtimes are fetched from npm, so that nobody has to install them by hand. */
const INSTALL_MS = 600_000;

const [system, machine] = [process.platform, process.arch];
const node = `node-${system}-${machine}`;
const bun = `@oven/bun-${system}-${machine === 'arm64' ? 'aarch64' : machine}`;
const deno = `@deno/${system}-${machine}${system === 'linux' ? '-glibc' : ''}`;
// Packages that hold nothing but the program itself, and so need no install script.
const RUNTIMES = [
  { name: 'Node 20', package: `${node}@20.20.2`, program: ['bin/node'] },
  { name: 'Node 22', package: `${node}@22.23.3`, program: ['bin/node'] },
  { name: 'Node 24', package: `${node}@24.21.0`, program: ['bin/node'] },
  { name: 'Bun', package: `${bun}@1.4.5`, program: ['bin/bun'] },
  { name: 'Deno', package: `${deno}@2.9.6`, program: ['deno', 'run', '--allow-net', '--allow-env', '--no-lock'] },
];
// It carries a Chromium for Linux alone.
const BROWSER = ['@sparticuz/chromium@153.0.0', 'puppeteer-core@25.16.0'];

/** What the program sees in every runtime. */
const REPORT = {
  products: true,
  order: { placed: 200, requestId: true, isDate: true },
  events: ['order.placed', 'order.cancelled'],
  refusal: { status: 'CANCELLED', requestId: true },
  webhooks: { right: 'stock.out', wrong: 'SIGNATURE_INVALID' },
};

beforeAll(async () => {
  await cp(fileURLToPath(new URL('runtimes', import.meta.url)), programs, { recursive: true });
  await writeFile(join(programs, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const aliases = RUNTIMES.map((runtime) => `${aliasOf(runtime)}@npm:${runtime.package}`);
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...options, ...aliases, ...(system === 'linux' ? BROWSER : [])], { cwd: programs });
}, INSTALL_MS);

test.each(RUNTIMES)('an app that runs in $name lists, orders, follows, is refused and verifies', async (runtime) => {
  const { url, token } = await startServer([]);
  const [program = '', ...args] = runtime.program;
  const path = join(programs, 'node_modules', aliasOf(runtime), program);
  const { stdout } = await run(path, [...args, 'main.js', url, token], { cwd: programs });
  expect(JSON.parse(stdout)).toEqual(REPORT);
});

test('a page of another origin does the same in Chromium', async ({ skip }) => {
  const origin = await servePage();
  const { url, token } = await startServer(['--cors-origins', origin]);
  const address = `${origin}/#${new URLSearchParams({ url, token })}`;
  const temporary = join(programs, 'temporary');
  await mkdir(temporary);
  const env = { ...process.env, TMPDIR: temporary };
  if (system !== 'linux') skip('The Chromium of these tests is for Linux.');
  const { stdout, stderr } = await run(process.execPath, ['browser.js', address], { cwd: programs, env });
  const report = JSON.parse(stdout);
  if (report.cannotStart !== undefined) {
    console.warn(`NOT TESTED IN A BROWSER: Chromium does not start on this machine.\n${report.cannotStart}`);
    skip(`Chromium does not start on this machine: ${report.cannotStart}`);
  }
  expect(report, stderr).toEqual(REPORT);
});

function aliasOf({ name }: { name: string }): string {
  return `runtime-${name.toLowerCase().replace(' ', '-')}`;
}

/** Bundles the page as most pages are, with Vite, and serves it; gives its origin. */
async function servePage(): Promise<string> {
  const page = '<!doctype html><title>A shop</title><script type="module" src="/page.js"></script>';
  await writeFile(join(programs, 'index.html'), page);
  await run(join(project, 'node_modules/.bin/vite'), ['build', '--logLevel', 'error'], { cwd: programs });
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://page.test');
    try {
      const content = await readFile(join(programs, 'dist', pathname === '/' ? 'index.html' : pathname));
      const type = extname(pathname) === '.js' ? 'text/javascript' : 'text/html';
      response.writeHead(200, { 'content-type': type }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('An HTTP server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

/** The demo shop, in an empty folder. */
async function startServer(args: readonly string[]): Promise<{ url: string; token: string }> {
  const cwd = await mkdtemp(join(project, 'shop-'));
  const program = join(project, 'node_modules/.bin/baguni-server');
  const server = spawn(program, ['--port', '0', ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  });
  return welcomeOf(server);
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
