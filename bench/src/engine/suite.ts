import { createTestEngine } from '@baguni/testing';

// Run as a program of its own, as a file of tests is: two hundred engines, a purchase in each, and the audit at its end.
const TESTS = 200;

const cpuBefore = process.cpuUsage();
const began = performance.now();
for (let number = 0; number < TESTS; number++) {
  const engine = await createTestEngine();
  const user = await engine.given.user({ points: 10_000 });
  const product = await engine.given.product({ stock: 3 });
  await engine.customer(user).orders.place({ items: [{ productId: product.id, quantity: 1 }], points: 1_000 });
  await engine.close();
}
const { user, system } = process.cpuUsage(cpuBefore);
console.log(JSON.stringify({ wall: performance.now() - began, cpu: (user + system) / 1_000 }));
