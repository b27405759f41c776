import { createTestEngine } from '../src/index.ts';

// Run as a program of its own with the garbage collector exposed: says what is left after some engines, and after many.

async function openAndClose(pairs: number): Promise<void> {
  for (let made = 0; made < pairs; made++) {
    const engine = await createTestEngine();
    await engine.given.product();
    const fork = await engine.fork();
    await fork.anonymous.products.list();
    await fork.close();
    await engine.close();
  }
}

async function whatIsLeft() {
  // What ended just now lets go of its handles a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { memory: heapUsed + external, handles: process.getActiveResourcesInfo().toSorted() };
}

await openAndClose(100);
const few = await whatIsLeft();
await openAndClose(400);
console.log(JSON.stringify({ few, many: await whatIsLeft() }));
