import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const DEPENDENCIES = [
  '@trpc/client',
  '@trpc/server',
  'eventsource',
  'eventsource-parser',
  'standardwebhooks',
  'superjson',
];
/** Compressed, without the dependencies. */
const SIZE_MAX = 9_216;

// The types of tRPC's WebSocket link draw its server for Node in, with packages that are not its dependencies.
const TRPC_NEEDS_NODE = /@trpc\/server\/dist\/.*Cannot find (name 'http2?'|module 'ws')/;

/** The package as a stranger would have it: in a project of its own, with nothing but its dependencies. */
let project: string;
let code: string;
let declarations: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'baguni-sdk-'));
  const installed = join(project, 'node_modules/@baguni/sdk');
  await run(
    process.execPath,
    ['node_modules/tsdown/dist/run.mjs', '--no-publint', '--no-attw', '--out-dir', join(installed, 'dist')],
    {
      cwd: PACKAGE,
    },
  );
  const { publishConfig, ...manifest } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  expect(Object.keys(manifest.dependencies).sort()).toEqual(DEPENDENCIES);
  await writeFile(join(installed, 'package.json'), JSON.stringify({ ...manifest, exports: publishConfig.exports }));
  await mkdir(join(project, 'node_modules/@trpc'));
  for (const name of DEPENDENCIES)
    await symlink(join(PACKAGE, 'node_modules', name), join(project, 'node_modules', name));
  code = await bundleOf(join(installed, 'dist'), 'index.js');
  declarations = await bundleOf(join(installed, 'dist'), 'index.d.ts');
  return () => rm(project, { recursive: true });
}, 60_000);

/** A file with those of the package that it needs from the start. */
async function bundleOf(folder: string, file: string, seen = new Set<string>()): Promise<string> {
  if (seen.has(file)) return '';
  seen.add(file);
  const text = await readFile(join(folder, file), 'utf8');
  const own = [...text.matchAll(/\bfrom "\.\/([^"]+)\.js"/g)].map(([, name]) => name);
  const type = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  return text + (await Promise.all(own.map((name) => bundleOf(folder, `${name}${type}`, seen)))).join('');
}

function packagesIn(text: string): string[] {
  const names = [...text.matchAll(/\bfrom\s*"([^".][^"]*)"|\bimport\s*"([^"]+)"|\brequire\(/g)].map(
    ([all, from, bare]) => from ?? bare ?? all,
  );
  return [...new Set(names)].sort();
}

test('the bundle imports nothing but its dependencies', () => {
  expect(packagesIn(code)).toEqual(['@trpc/client', '@trpc/server/observable', 'superjson']);
  expect(gzipSync(code).length).toBeLessThan(SIZE_MAX);
});

test('the declarations hold the router and nothing of the server', () => {
  expect(packagesIn(declarations)).toEqual([]);
  expect(declarations).not.toMatch(/[Mm]ikro|zod|kysely|EntityManager|@baguni\/|UnitOfWork|node:/);
});

test('the declarations keep the comments', () => {
  expect(declarations).toContain("Places an order for the caller's cart");
  expect(declarations).toContain('What is left to pay: total − discount − points.');
  expect(declarations).toContain('The order totals `details.totalAmount` now. Show the new total, ask again.');
});

test('a strict project compiles with the package and its dependencies, down to the declarations', async () => {
  const sample = `
    import { createClient, isBaguniError, type Outputs } from '@baguni/sdk';
    import { verifyWebhook } from '@baguni/sdk/webhooks';
    export const event = verifyWebhook('', {}, '');
    if (event.type === 'stock.out') event.data.productId.toFixed();
    const shop = createClient({ url: 'http://localhost:3000', token: () => 'token', fetch });
    export async function buy(productId: number): Promise<Outputs['orders']['place'] | number> {
      try {
        return await shop.orders.place({ items: [{ productId, quantity: 1 }] });
      } catch (error) {
        if (isBaguniError(error, 'STOCK_INSUFFICIENT')) return error.details.available;
        throw error;
      }
    }
    export async function names(): Promise<string[]> {
      const names: string[] = [];
      for await (const product of shop.products.list({ limit: 10 })) names.push(product.name);
      return names;
    }
    // @ts-expect-error The id is a number.
    void shop.products.get({ productId: '1' });
    // @ts-expect-error There is no such procedure: what is not resolved would be any.
    void shop.orders.nothing;
  `;
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(project, 'sample.ts'), sample);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['sample.ts'] }));
  const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '--pretty', 'false'], { cwd: project }).catch((error) => error);
  const errors = String(stdout).split('\n').filter(Boolean);
  expect(errors.filter((error) => !TRPC_NEEDS_NODE.test(error))).toEqual([]);
}, 60_000);

test('the bundle runs', async () => {
  const sample = `
    import { createClient, isBaguniError } from '@baguni/sdk';
    const item = { id: 1, name: 'Pot', createdAt: '2026-01-01T00:00:00.000Z' };
    const page = { json: { items: [item], nextCursor: null }, meta: { values: { 'items.0.createdAt': ['Date'] } } };
    const shop = createClient({ url: 'http://shop.test', fetch: async () => Response.json([{ result: { data: page } }]) });
    for await (const product of shop.products.list()) console.log(product.name, product.createdAt.getUTCFullYear());
    const lost = createClient({ url: 'http://shop.test', timeoutMs: 1, fetch: () => new Promise(() => {}) });
    await lost.orders.place().catch((error) => console.log(isBaguniError(error, 'OUTCOME_UNKNOWN')));
  `;
  await writeFile(join(project, 'sample.mjs'), sample);
  const { stdout } = await run(process.execPath, ['sample.mjs'], { cwd: project });
  expect(stdout).toBe('Pot 2026\ntrue\n');
});
