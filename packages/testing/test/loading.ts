import { registerHooks } from 'node:module';

// Run as a program of its own: says which packages are loaded by a test's first engine and its first purchase.
const packages = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    if (name !== undefined) packages.add(name);
    return nextLoad(url, context);
  },
});

const { createTestEngine } = await import('../src/index.ts');
const engine = await createTestEngine();
const product = await engine.given.product();
const shop = engine.customer(await engine.given.user({ points: 10_000 }));
await shop.orders.place({ items: [{ productId: product.id, quantity: 1 }], points: 1_000 });
await engine.clock.advance({ days: 1 });
await engine.close();
console.log(JSON.stringify([...packages]));
