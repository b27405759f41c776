import { createTestEngine } from '../src/index.ts';

// Run as a program of its own: a test's first engine and its first purchase.
const engine = await createTestEngine();
const product = await engine.given.product();
const shop = engine.customer(await engine.given.user({ points: 10_000 }));
await shop.orders.place({ items: [{ productId: product.id, quantity: 1 }], points: 1_000 });
await engine.clock.advance({ days: 1 });
await engine.close();
