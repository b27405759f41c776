import type { TestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { type RaceReport, race } from '@baguni/testing/race';
import { expect, test, vi } from 'vitest';

/** Every schedule of two servers' statements takes its time on a busy machine. */
vi.setConfig({ testTimeout: 180_000 });

/** A customer with a tea in the cart, and a cup that is not in it yet. */
async function startedCart(engine: TestEngine) {
  const [tea, cup] = [await engine.given.product({ stock: 10 }), await engine.given.product({ stock: 10 })];
  const user = await engine.given.user();
  await engine.customer(user).cart.addItem({ productId: tea.id, quantity: 1 });
  return { user, tea: { productId: tea.id, quantity: 1 }, cup: { productId: cup.id, quantity: 1 } };
}

function expectSafe(report: RaceReport): void {
  console.log(`${expect.getState().currentTestName}\n${report}`);
  report.assertSafe();
  expect(report.isExhaustive).toBe(true);
  expect(report.blocked).toBeGreaterThan(0);
}

test('two servers that add the same product to a cart at once count both, on one line', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: startedCart,
    operations: {
      left: ({ engine, given: { user, tea } }) => engine.customer(user).cart.addItem(tea),
      right: ({ engine, given: { user, tea } }) => engine.customer(user).cart.addItem(tea),
    },
    check: async ({ engine, given: { user, tea } }) => {
      const { items, version } = await engine.customer(user).cart.get();
      expect(items).toMatchObject([{ ...tea, quantity: 3 }]);
      expect(version).toBe(3);
    },
  });
  expectSafe(report);
  expect(report.endings).toEqual({ 'left answered, right answered': report.schedules });
});

test('two servers that add a product to a cart that does not hold it make one line of it', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: startedCart,
    operations: {
      left: ({ engine, given: { user, cup } }) => engine.customer(user).cart.addItem(cup),
      right: ({ engine, given: { user, cup } }) => engine.customer(user).cart.addItem(cup),
    },
    check: async ({ engine, given: { user, tea, cup } }) => {
      expect((await engine.customer(user).cart.get()).items).toMatchObject([tea, { ...cup, quantity: 2 }]);
    },
  });
  expectSafe(report);
  expect(report.endings).toEqual({ 'left answered, right answered': report.schedules });
});

test('what is added while the cart is ordered is in the order or in the next cart, and never in both', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: startedCart,
    operations: {
      add: ({ engine, given: { user, cup } }) => engine.customer(user).cart.addItem(cup),
      order: ({ engine, given: { user } }) => engine.customer(user).orders.place(),
    },
    check: async ({ engine, given: { user, tea, cup } }) => {
      const [order] = (await engine.customer(user).orders.list()).items;
      const { items } = await engine.customer(user).cart.get();
      const ordered = order?.items.map(({ productId, quantity }) => ({ productId, quantity }));
      const left = items.map(({ productId, quantity }) => ({ productId, quantity }));
      expect([
        { ordered: [tea], left: [cup] },
        { ordered: [tea, cup], left: [] },
      ]).toContainEqual({ ordered, left });
    },
  });
  expectSafe(report);
  expect(report.endings).toEqual({ 'add answered, order answered': report.schedules });
});

test('of two servers that order one cart at once one does, and the other finds it empty', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: startedCart,
    operations: {
      left: ({ engine, given: { user } }) => engine.customer(user).orders.place(),
      right: ({ engine, given: { user } }) => engine.customer(user).orders.place(),
    },
  });
  expectSafe(report);
  expect(Object.keys(report.endings).sort()).toEqual([
    'left CART_EMPTY, right answered',
    'left answered, right CART_EMPTY',
  ]);
});
