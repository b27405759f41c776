import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const run = promisify(execFile);
const project = inject('publishedProject');

const read = (file: string) => readFile(join(project, 'node_modules/@baguni/sdk', file), 'utf8');
const importsIn = (code: string) =>
  [...code.matchAll(/\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"|\brequire\(/g)].map(
    ([all, from, bare]) => from ?? bare ?? all,
  );

/** What a file imports from packages, through the files of its own package. */
async function packagesUsedBy(file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const imported = importsIn(await read(`dist/${file}`));
  const own = imported.filter((name) => name.startsWith('./')).map((name) => name.slice(2));
  const others = await Promise.all(own.map((name) => packagesUsedBy(name, seen)));
  return [...new Set([...imported.filter((name) => !name.startsWith('./')), ...others.flat()])].sort();
}

test('the client runs on its few dependencies, and on nothing of the server or of Node', async () => {
  const dependencies = ['@trpc/client', '@trpc/server/observable', 'eventsource', 'superjson'];
  expect(await packagesUsedBy('index.js')).toEqual(dependencies);
});

test('the declarations of the client need no other package and mention nothing of the server', async () => {
  const declarations = await read('dist/index.d.ts');
  expect(importsIn(declarations)).toEqual([]);
  expect(declarations).not.toMatch(/[Mm]ikro|zod|kysely|EntityManager|@baguni\/|UnitOfWork|node:/);
});

test('the declarations of the tRPC client hold the router and refer to tRPC alone', async () => {
  const declarations = await read('dist/trpc.d.ts');
  for (const name of importsIn(declarations)) expect(name).toMatch(/^@trpc\//);
  expect(declarations).not.toMatch(/[Mm]ikro|zod|kysely|EntityManager|@baguni\/|UnitOfWork|node:/);
});

test('the declarations keep the comments', async () => {
  const declarations = await read('dist/index.d.ts');
  expect(declarations).toContain("Places an order for the caller's cart");
  expect(declarations).toContain('What is left to pay: total − discount − points.');
  expect(declarations).toContain("The order's total is not the one the caller expected");
});

test('the client runs', async () => {
  const sample = `
    import { createClient, isBaguniError } from '@baguni/sdk';
    import { createTrpcClient } from '@baguni/sdk/trpc';
    const item = { id: 1, name: 'Pot', createdAt: '2026-01-01T00:00:00.000Z' };
    const page = { json: { items: [item], nextCursor: null }, meta: { values: { 'items.0.createdAt': ['Date'] } } };
    const options = { url: 'http://shop.test', fetch: async () => Response.json([{ result: { data: page } }]) };
    for await (const product of createClient(options).products.list()) console.log(product.name, product.createdAt.getUTCFullYear());
    console.log((await createTrpcClient(options).products.list.query({})).items.length);
    const lost = createClient({ url: 'http://shop.test', timeoutMs: 1, fetch: () => new Promise(() => {}) });
    await lost.orders.place().catch((error) => console.log(isBaguniError(error, 'OUTCOME_UNKNOWN')));
  `;
  await writeFile(join(project, 'client.mjs'), sample);
  const { stdout } = await run(process.execPath, ['client.mjs'], { cwd: project });
  expect(stdout).toBe('Pot 2026\n1\ntrue\n');
});
