import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sequenceEvents } from '@baguni/api';
import { Server } from '@baguni/api/server';
import { createTestEngine } from '@baguni/testing';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PROJECT_README = fileURLToPath(new URL('../../../README.md', import.meta.url));

/** A shop on a port with what the samples take for granted: products 1 and 2, a coupon that is gone, a customer with points. */
async function startShop() {
  const engine = await createTestEngine();
  const server = new Server(engine.internals, false);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    await engine.close();
  });
  await engine.given.product({ name: 'Clay pot', stock: 10 });
  await engine.given.product({ name: 'Tea pot', stock: 10 });
  const user = await engine.given.user({ points: 10_000 });
  const { id: couponId } = await engine.given.coupon({ totalQuantity: 1 });
  await engine.customer(await engine.given.user()).coupons.claim({ couponId });
  return { engine, url, user, token: await engine.tokenOf(user) };
}

/** The samples of a README as one program, which asks the shop at this address. */
async function samplesOf(readme: string, url: string, language: 'ts' | 'tsx' = 'ts'): Promise<string> {
  const text = await readFile(readme, 'utf8');
  const samples = [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
  return samples.join('\n').replaceAll(/http:\/\/(?:localhost|127\.0\.0\.1):3000/g, url);
}

/** A stranger's folder with these files, where the package is installed. */
async function install(files: Record<string, string>): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'baguni-readme-'));
  onTestFinished(() => rm(project, { recursive: true }));
  await mkdir(join(project, 'node_modules/@baguni'), { recursive: true });
  await symlink(PACKAGE, join(project, 'node_modules/@baguni/sdk'));
  for (const name of ['react', '@types', '@tanstack'])
    await symlink(join(PACKAGE, 'node_modules', name), join(project, 'node_modules', name));
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [name, code] of Object.entries(files)) await writeFile(join(project, name), code);
  return project;
}

async function run(code: string, env: Record<string, string> = {}) {
  const project = await install({ 'sample.ts': code });
  const child = spawn(process.execPath, ['sample.ts'], { cwd: project, env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill());
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.error += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { said, ended };
}

/** What the compiler says of programs, strictly. */
function errorsIn(paths: string[]): string[] {
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    jsx: ts.JsxEmit.ReactJSX,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))],
  });
  return paths
    .map((path) => program.getSourceFile(path))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

test('the samples of both READMEs compile strictly', async () => {
  const url = 'http://shop.test';
  const given = `
    declare const session: { token: string };
    declare const apiKey: string;
    declare const signal: AbortSignal;
  `;
  const project = await install({
    'package.ts': given + (await samplesOf(join(PACKAGE, 'README.md'), url)),
    'components.tsx': given + (await samplesOf(join(PACKAGE, 'README.md'), url, 'tsx')),
    'project.ts': await samplesOf(PROJECT_README, url),
  });
  const samples = ['package.ts', 'components.tsx', 'project.ts'];
  expect(errorsIn(samples.map((name) => join(project, name)))).toEqual([]);
});

test('the samples of the README run, one after the other, and do what it says', async () => {
  const { engine, url, user, token } = await startShop();
  // The stream is the one sample that never ends by itself; the first event ends it here.
  const given = `
    const session = { token: ${JSON.stringify(token)} };
    const apiKey = ${JSON.stringify(await engine.tokenOf('admin'))};
    const leaving = new AbortController();
    const { signal } = leaving;
    const log = console.log;
    console.log = (...words) => {
      log(...words);
      if (words[0] === 'order.placed') leaving.abort();
    };
  `;
  const { said, ended } = await run(given + (await samplesOf(join(PACKAGE, 'README.md'), url)));
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  const customer = engine.customer(user);
  // An order now and then, until the stream has told of one.
  await expect
    .poll(
      async () => {
        if (said.out.includes('1100'))
          await customer.orders.place({ items: [{ productId: 2, quantity: 1 }] }).catch(() => {});
        while ((await sequenceEvents(engine.internals)) > 0);
        return hasEnded;
      },
      { timeout: 40_000 },
    )
    .toBe(true);
  expect(said.error).toBe('');
  expect(await ended).toBe(0);
  const lines = said.out.trim().split('\n');
  expect(lines.slice(0, 3)).toEqual(['Tea pot 1000', 'Clay pot 1000', 'WAITING 1500']);
  expect(lines).toContain('All 1 are gone.');
  expect(lines).toContain('1100');
  expect(lines.filter((line) => line.startsWith('order.placed'))).toHaveLength(1);
  expect(lines).toContain('200');
  expect(lines.filter((line) => /^products\.list 1 200 [\d.]+$/.test(line))).toHaveLength(1);
});

test("the sample of the project's README runs", async () => {
  const { url, token } = await startShop();
  const { said, ended } = await run(await samplesOf(PROJECT_README, url), { CUSTOMER_TOKEN: token });
  expect(await ended).toBe(0);
  expect(said).toEqual({ out: '2 Tea pot 1000\n1 Clay pot 1000\nWAITING 1000\n', error: '' });
});
