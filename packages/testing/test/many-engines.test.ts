import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('many-engines.ts', import.meta.url));

test('a thousand engines one after another, half of them forks, leave neither memory nor handles behind', {
  timeout: 180_000,
}, async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM]);
  const { few, many } = JSON.parse(stdout);
  // Compiled code grows a little meanwhile; an engine that was not let go of would be ten times as much.
  expect((many.memory - few.memory) / 800).toBeLessThan(4_096);
  expect(many.handles).toEqual(few.handles);
});

test('a hundred engines at once stay apart', async () => {
  const shops = await Promise.all(
    Array.from({ length: 100 }, async (_, number) => {
      const engine = await createTestEngine();
      const product = await engine.given.product({ name: `Tea ${number}`, stock: number + 1 });
      const user = await engine.given.user({ points: 1_000 });
      await engine.customer(user).orders.place({ items: [{ productId: product.id, quantity: 1 }], points: 1_000 });
      return engine;
    }),
  );
  for (const [number, engine] of shops.entries()) {
    const { items } = await engine.anonymous.products.list();
    expect(items).toMatchObject([{ id: 1, name: `Tea ${number}`, quantity: number }]);
    expect(await engine.sql('select count(*) as orders from orders')).toEqual([{ orders: 1 }]);
  }
  await Promise.all(shops.map((engine) => engine.close()));
});
