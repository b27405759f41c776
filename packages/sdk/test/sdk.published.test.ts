import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const run = promisify(execFile);
const project = inject('publishedProject');

const IMPORTS = /(?<=\s)(?:from|import) "([^"]+)"/g;
const IMPORTS_ON_DEMAND = /\bimport\("([^"]+)"\)/g;
const OF_THE_SERVER = /[Mm]ikro|zod|kysely|EntityManager|@baguni\/(?!sdk)|UnitOfWork|node:/;

/** A file with all that it needs of its package, the texts one after another, and the packages of others that they import. */
interface Reach {
  readonly text: string;
  readonly packages: readonly string[];
}

/** What a file of the package reaches, on demand or from the start alone. */
async function reachOf(file: string, imports: readonly RegExp[] = [IMPORTS]): Promise<Reach> {
  const isDeclaration = file.endsWith('.d.ts');
  const texts = new Map<string, string>();
  const packages = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (texts.has(name)) return;
    texts.set(name, '');
    const text = await readFile(join(project, 'node_modules/@baguni/sdk/dist', name), 'utf8');
    texts.set(name, text);
    for (const [, imported = ''] of imports.flatMap((pattern) => [...text.matchAll(pattern)])) {
      if (!imported.startsWith('./')) packages.add(imported);
      else await visit(isDeclaration ? imported.slice(2).replace(/\.js$/, '.d.ts') : imported.slice(2));
    }
  };
  await visit(file);
  return { text: [...texts.values()].join('\n'), packages: [...packages].sort() };
}

test('the client runs on its few dependencies, and loads what reads streams with the first one', async () => {
  const atFirst = ['@trpc/client', '@trpc/server/observable', 'superjson'];
  expect((await reachOf('index.js')).packages).toEqual(atFirst);
  expect((await reachOf('index.js', [IMPORTS, IMPORTS_ON_DEMAND])).packages).toEqual(
    [...atFirst, 'eventsource-parser'].sort(),
  );
});

test.for([
  ['webhooks.js', ['standardwebhooks']],
  ['opentelemetry.js', ['@opentelemetry/api']],
] as const)('%s needs its one package and not the client', async ([file, packages]) => {
  expect((await reachOf(file)).packages).toEqual(packages);
});

test.for([
  ['index.d.ts', []],
  ['webhooks.d.ts', []],
  ['opentelemetry.d.ts', ['@opentelemetry/api']],
] as const)('%s refers to %j and mentions nothing of the server', async ([file, expected]) => {
  const { text, packages } = await reachOf(file, [IMPORTS, IMPORTS_ON_DEMAND]);
  expect(packages).toEqual(expected);
  expect(OF_THE_SERVER.exec(text)).toBeNull();
});

test('the declarations of the tRPC client hold the router and refer to tRPC alone', async () => {
  const { text, packages } = await reachOf('trpc.d.ts', [IMPORTS, IMPORTS_ON_DEMAND]);
  for (const name of packages) expect(name).toMatch(/^@trpc\//);
  expect(OF_THE_SERVER.exec(text)).toBeNull();
});

test('the declarations keep the comments', async () => {
  const { text } = await reachOf('index.d.ts');
  expect(text).toContain("Places an order for the caller's cart");
  expect(text).toContain('What is left to pay: total − discount − points.');
  expect(text).toContain('The order totals `details.totalAmount` now. Show the new total, ask again.');
});

test('the client runs', async () => {
  const sample = `
    import { createClient, isBaguniError } from '@baguni/sdk';
    import { createTrpcClient } from '@baguni/sdk/trpc';
    import { signWebhook, verifyWebhook } from '@baguni/sdk/webhooks';
    const item = { id: 1, name: 'Pot', createdAt: '2026-01-01T00:00:00.000Z' };
    const page = { json: { items: [item], nextCursor: null }, meta: { values: { 'items.0.createdAt': ['Date'] } } };
    const options = { url: 'http://shop.test', fetch: async () => Response.json([{ result: { data: page } }]) };
    for await (const product of createClient(options).products.list()) console.log(product.name, product.createdAt.getUTCFullYear());
    console.log((await createTrpcClient(options).products.list.query({})).items.length);
    const lost = createClient({ url: 'http://shop.test', timeoutMs: 1, fetch: () => new Promise(() => {}) });
    await lost.orders.place().catch((error) => console.log(isBaguniError(error, 'OUTCOME_UNKNOWN')));
    const out = { id: 'evt_1', type: 'stock.out', schemaVersion: 1, occurredAt: new Date(), data: { productId: 7, quantity: 0 } };
    const { body, headers } = signWebhook(out, 'whsec_c2VjcmV0');
    console.log(verifyWebhook(body, headers, 'whsec_c2VjcmV0').data.productId);
  `;
  await writeFile(join(project, 'client.mjs'), sample);
  const { stdout } = await run(process.execPath, ['client.mjs'], { cwd: project });
  expect(stdout).toBe('Pot 2026\n1\ntrue\n7\n');
});

test('a stream is read by what is loaded for it', async () => {
  const sample = `
    import { createClient } from '@baguni/sdk';
    const event = { id: 1, type: 'order.placed', data: {} };
    const body = 'event: connected\\ndata: {}\\n\\nid: 1\\ndata: ' + JSON.stringify({ json: event }) + '\\n\\n';
    const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    const shop = createClient({ url: 'http://shop.test', fetch });
    for await (const { type } of shop.orders.stream({})) { console.log(type); break; }
  `;
  await writeFile(join(project, 'stream.mjs'), sample);
  const { stdout } = await run(process.execPath, ['stream.mjs'], { cwd: project });
  expect(stdout).toBe('order.placed\n');
});
