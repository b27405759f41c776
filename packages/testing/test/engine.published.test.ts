import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, test, vi } from 'vitest';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const project = inject('publishedProject');

const COMPILERS = {
  '5.7': require.resolve('typescript-5.7/package.json'),
  '5.9': require.resolve('typescript-5.9/package.json'),
  '6.0': require.resolve('typescript/package.json'),
  '7.0': require.resolve('typescript-7/package.json'),
};
/** The fastest one, for the questions that need asking only once. */
const NEWEST = COMPILERS['7.0'];

/** How long a compiler or a program may take before it counts as hanging: on a busy machine they take minutes. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  types: ['node'],
};

/** What those write who build on the shop and test what they built. */
const SAMPLES = [
  'sdk-readme.ts',
  'testing-readme.ts',
  'engine.test.ts',
  'node-test.ts',
  'contract.ts',
  'global-setup.ts',
  'wrong-calls.ts',
];
/** The doors that only a server, or what is built on tRPC, goes through. */
const DOORS = ['sdk-readme-trpc.ts', 'doors.ts'];

// tRPC's declarations of its WebSocket server refer to the package ws, which is not among its dependencies. The package
// @types/ws does not help a project of ES modules: there it has not all the names that tRPC looks for.
const TRPC_NEEDS_WS = /@trpc\/server\/dist\/ws-[^/]+\.d\.mts.*Cannot find module 'ws'/;

const WRONG_CALLS = `
  import { createClient } from '@baguni/sdk';
  import { createTestEngine } from '@baguni/testing';
  const shop = createClient({ url: 'http://localhost:3000' });
  // @ts-expect-error The id is a number.
  void shop.products.get({ productId: '1' });
  // @ts-expect-error There is no such procedure: what is not resolved would be any.
  void shop.orders.nothing();
  const engine = await createTestEngine();
  // @ts-expect-error A product has no colour: what is not resolved would be any.
  void engine.given.product({ colour: 'red' });
  // @ts-expect-error An event has its type's data: what is not resolved would be any.
  void (await engine.events.ofType('stock.out'))[0]?.data.colour;
  // @ts-expect-error The database behind the engine is its own business.
  void engine.internals;`;

const DOORS_OF_SERVERS = `
  import { openShop } from '@baguni/api';
  import { Server } from '@baguni/api/server';
  import { openDatabase, Order } from '@baguni/db';
  import { createTrpcClient } from '@baguni/sdk/trpc';
  import { startPostgres } from '@baguni/testing/postgres';
  export const doors = [openShop, Server, openDatabase, Order, startPostgres];
  const trpc = createTrpcClient({ url: 'http://localhost:3000' });
  // @ts-expect-error There is no such procedure: what is not resolved would be any.
  void trpc.orders.nothing;`;

beforeAll(async () => {
  const client = await samplesIn('sdk');
  const engine = await samplesIn('testing');
  const files = {
    'sdk-readme.ts': sdkReadme(client.filter((sample) => !sample.includes('@baguni/sdk/trpc'))),
    'sdk-readme-trpc.ts': theOneWith('@baguni/sdk/trpc', client),
    'engine-program.ts': engine[0] ?? '',
    'testing-readme.ts': testingReadme(engine),
    'engine.test.ts': theOneWith('@baguni/testing/vitest', engine),
    'node-test.ts': theOneWith(
      'node:test',
      engine.filter((sample) => !sample.includes('contract')),
    ),
    'contract.ts': `declare function signToken(claims: { subject: string | null }): string;
      ${theOneWith('@baguni/testing/contract', engine)}`,
    'global-setup.ts': theOneWith('@baguni/testing/postgres', engine),
    'wrong-calls.ts': WRONG_CALLS,
    'doors.ts': DOORS_OF_SERVERS,
  };
  for (const [name, code] of Object.entries(files)) await writeFile(join(project, name), code);
});

test.for(Object.entries(COMPILERS))(
  'all declarations compile strictly with TypeScript %s',
  { concurrent: true },
  async ([, compiler], { expect }) => {
    const errors = await compile(compiler, STRICT, [...SAMPLES, ...DOORS]);
    expect(errors.filter((error) => !TRPC_NEEDS_WS.test(error))).toEqual([]);
  },
);

test('what apps and tests import compiles for a bundler', async () => {
  expect(await compile(NEWEST, { ...STRICT, module: 'esnext', moduleResolution: 'bundler' }, SAMPLES)).toEqual([]);
});

// MikroORM's declarations (core/serialization/EntitySerializer.d.ts) do not compile with this option; they are not reached from here.
test('what apps and tests import compiles with exactOptionalPropertyTypes as well', async () => {
  expect(await compile(NEWEST, { ...STRICT, exactOptionalPropertyTypes: true }, SAMPLES)).toEqual([]);
});

test('the client compiles without the types of Node', async () => {
  await writeFile(
    join(project, 'browser.ts'),
    `export { createClient } from '@baguni/sdk';
     export { verifyWebhook } from '@baguni/sdk/webhooks';`,
  );
  const options = { ...STRICT, exactOptionalPropertyTypes: true, types: [] };
  expect(await compile(NEWEST, options, ['browser.ts'])).toEqual([]);
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

test("the README's program runs, and its tests with Vitest and with node:test", async () => {
  const { stdout: printed } = await run(process.execPath, ['engine-program.ts'], { cwd: project });
  expect(printed).toMatch(/^WAITING 7500\n.*'points\.charged'.*'order\.placed'.*'order\.cancelled'/s);

  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await run(process.execPath, [vitest, 'run', 'engine.test.ts', '--reporter=tap'], { cwd: project });
  expect(stdout).toMatch(/^ +ok 1 - a customer buys/m);

  const { stdout: ofNode } = await run(process.execPath, ['--test-reporter=tap', 'node-test.ts'], { cwd: project });
  expect(ofNode).toMatch(/^ok 1 - a customer buys/m);
});

async function samplesIn(name: 'sdk' | 'testing'): Promise<string[]> {
  const readme = await readFile(join(project, 'node_modules/@baguni', name, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
}

function theOneWith(text: string, samples: readonly string[]): string {
  const [sample, ...others] = samples.filter((sample) => sample.includes(text));
  if (sample === undefined || others.length > 0) throw new Error(`There is not one sample with ${text}.`);
  return sample;
}

/** The samples one after another, as they are read, with what an app brings along. */
function sdkReadme(samples: readonly string[]): string {
  return `
    declare const session: { token: string };
    declare const signal: AbortSignal;
    declare const apiKey: string;
    ${samples.join('\n')}`;
}

/** The first sample, and after it those lines that go on from there, each by themselves, with what a test brings along. */
function testingReadme([program = '', ...samples]: readonly string[]): string {
  const blocks = samples.filter((sample) => !/^import /m.test(sample)).map((sample) => `{ ${sample} }`);
  return `
    import { race } from '@baguni/testing/race';
    import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
    import { expect } from 'vitest';
    ${program}
    declare const productId: number;
    declare const url: string;
    declare const databaseUrl: string;
    ${blocks.join('\n')}`;
}

/** What a compiler has to say about these files of the project. */
async function compile(manifest: string, compilerOptions: object, files: readonly string[]): Promise<string[]> {
  const config = join(project, `tsconfig.${crypto.randomUUID()}.json`);
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  const tsc = join(dirname(manifest), 'bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '--pretty', 'false', '--project', config]).catch(
    (error) => error,
  );
  return String(stdout).split('\n').filter(Boolean);
}
