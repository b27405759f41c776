import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';

const run = promisify(execFile);
const project = inject('publishedProject');
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const COMPILERS = ['typescript-5.7', 'typescript-5.9', 'typescript', 'typescript-7'];

/** How long a compiler may take before it counts as hanging. */
const COMPILING_MS = 240_000;

const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
};
const MODULES = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/** What those write who build on the shop and test what they built. */
const SAMPLES = ['sdk-readme.ts', 'testing-readme.ts', 'engine.test.ts', 'wrong-calls.ts'];
/** The doors that only a server, or what is built on tRPC, goes through. */
const DOORS = ['sdk-readme-trpc.ts', 'doors.ts'];

// tRPC's declarations of its WebSocket server refer to the package ws, which is not among its dependencies.
const TRPC_NEEDS_WS = /@trpc\/server\/dist\/ws-[^/]+\.d\.mts.*Cannot find module 'ws'/;

beforeAll(async () => {
  const [engineTest = '', engineProgram = ''] = await samplesIn('testing');
  const [client = '', ...snippets] = await samplesIn('sdk');
  const sdkReadme = `
    declare const session: { token: string };
    declare const signal: AbortSignal;
    declare const error: unknown;
    declare const input: { points: number };
    ${client}
    ${snippets
      .filter((snippet) => !snippet.includes('import '))
      .map((snippet) => `{ ${snippet} }`)
      .join('\n')}`;
  const wrongCalls = `
    import { createClient } from '@baguni/sdk';
    import { createTestEngine } from '@baguni/testing';
    const shop = createClient({ url: 'http://localhost:3000' });
    // @ts-expect-error The id is a number.
    void shop.products.get({ productId: '1' });
    // @ts-expect-error There is no such procedure: what is not resolved would be any.
    void shop.orders.nothing();
    const engine = await createTestEngine();
    // @ts-expect-error A product has no colour: what is not resolved would be any.
    void (await engine.given.product({ colour: 'red' }));
    // @ts-expect-error The database behind the engine is its own business.
    void engine.internals;`;
  const doors = `
    import { openShop, Server } from '@baguni/api';
    import { openDatabase, Order } from '@baguni/db';
    import { createTrpcClient } from '@baguni/sdk/trpc';
    import { startPostgres } from '@baguni/testing/postgres';
    export const doors = [openShop, Server, openDatabase, Order, startPostgres];
    const trpc = createTrpcClient({ url: 'http://localhost:3000' });
    // @ts-expect-error There is no such procedure: what is not resolved would be any.
    void trpc.orders.nothing;`;
  const files = {
    'sdk-readme.ts': sdkReadme,
    'sdk-readme-trpc.ts': snippets.find((snippet) => snippet.includes('@baguni/sdk/trpc')) ?? '',
    'testing-readme.ts': engineProgram,
    'engine.test.ts': engineTest,
    'wrong-calls.ts': wrongCalls,
    'doors.ts': doors,
  };
  for (const [name, code] of Object.entries(files)) await writeFile(join(project, name), code);
});

describe.each(COMPILERS)('with %s', { timeout: COMPILING_MS }, (compiler) => {
  test('all declarations compile strictly', async () => {
    const errors = await compile(compiler, { ...STRICT, ...MODULES.nodenext }, [...SAMPLES, ...DOORS]);
    expect(errors.filter((error) => !TRPC_NEEDS_WS.test(error))).toEqual([]);
  });

  test('what apps and tests import compiles strictly for a bundler', async () => {
    expect(await compile(compiler, { ...STRICT, ...MODULES.bundler }, SAMPLES)).toEqual([]);
  });
});

// MikroORM's declarations (core/serialization/EntitySerializer.d.ts) do not compile with this option, and tRPC's not
// without ws: neither is reached from here.
test('what apps and tests import compiles with exactOptionalPropertyTypes as well', async () => {
  const options = { ...STRICT, ...MODULES.nodenext, exactOptionalPropertyTypes: true };
  expect(await compile('typescript', options, SAMPLES)).toEqual([]);
});

test('the client compiles without the types of Node', async () => {
  const options = { ...STRICT, ...MODULES.nodenext, exactOptionalPropertyTypes: true, types: [] };
  await writeFile(join(project, 'browser.ts'), "export { createClient } from '@baguni/sdk';");
  expect(await compile('typescript', options, ['browser.ts'])).toEqual([]);
});

test('the declarations refer to the client and to Vitest alone', async () => {
  const folder = join(project, 'node_modules/@baguni/testing/dist');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.d.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/(?:from |import\()"([^."][^"]*)"/g)].map(([, name]) => name),
  );
  expect([...new Set(imported)].sort()).toEqual(['@baguni/sdk', 'vitest']);
});

test("the README's test runs, and so does its program", async () => {
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await run(process.execPath, [vitest, 'run', 'engine.test.ts', '--reporter=tap'], { cwd: project });
  expect(stdout).toMatch(/^ +ok 1 - the last piece is sold once/m);
  const { stdout: printed } = await run(process.execPath, ['testing-readme.ts'], { cwd: project });
  expect(printed).toContain('5000');
});

async function samplesIn(name: 'sdk' | 'testing'): Promise<string[]> {
  const readme = await readFile(join(project, 'node_modules/@baguni', name, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
}

/** What a compiler has to say about these files of the project. */
async function compile(compiler: string, compilerOptions: object, files: readonly string[]): Promise<string[]> {
  const config = join(project, `tsconfig.${crypto.randomUUID()}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  const tsc = join(PACKAGE, 'node_modules', compiler, 'bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '--pretty', 'false', '--project', config]).catch(
    (error) => error,
  );
  return String(stdout).split('\n').filter(Boolean);
}
