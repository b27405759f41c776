import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { type RaceReport, race } from '@baguni/testing/race';
import { expect, test, vi } from 'vitest';
import { sweepExpiredOrders } from '../src/index.ts';
import { expectLedgersAgree, waitingOrder } from './payments-for-test.ts';

/** Hundreds of schedules take their time on a busy machine. */
vi.setConfig({ testTimeout: 180_000 });

/** How often the reconciler may need to come by at most. */
const ROUNDS_MAX = 5;

/** Nothing went wrong in any schedule, and they ended in these ways and in no others. */
function expectSafe(report: RaceReport, endings: readonly string[]): void {
  console.log(`${expect.getState().currentTestName}\n${report}`);
  report.assertSafe();
  expect(report.isExhaustive).toBe(true);
  expect(Object.keys(report.endings).sort()).toEqual([...endings].sort());
}

test('of two orders for the last piece one gets it, in every order of their statements', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: productId } = await engine.given.product({ stock: 1 });
      const [left, right] = [await engine.given.user(), await engine.given.user()];
      return { left, right, productId, order: { items: [{ productId, quantity: 1 }] } };
    },
    operations: {
      left: ({ engine, given }) => engine.customer(given.left).orders.place(given.order),
      right: ({ engine, given }) => engine.customer(given.right).orders.place(given.order),
    },
    check: async ({ engine, given: { productId } }) => {
      expect(await engine.admin.products.get({ productId })).toMatchObject({ quantity: 0 });
    },
  });
  expectSafe(report, ['left answered, right STOCK_INSUFFICIENT', 'left STOCK_INSUFFICIENT, right answered']);
  expect(report.blocked).toBeGreaterThan(0);
});

test('two orders of one customer both use points of one wallet', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: productId } = await engine.given.product({ stock: 2 });
      const user = await engine.given.user({ points: 1_000 });
      return { user, order: { items: [{ productId, quantity: 1 }], points: 600 } };
    },
    operations: {
      left: ({ engine, given: { user, order } }) => engine.customer(user).orders.place(order),
      right: ({ engine, given: { user, order } }) => engine.customer(user).orders.place(order),
    },
    check: async ({ engine, given: { user } }) => {
      expect(await engine.customer(user).points.balance()).toMatchObject({ balance: 400 });
    },
  });
  expectSafe(report, ['left answered, right POINTS_INSUFFICIENT', 'left POINTS_INSUFFICIENT, right answered']);
});

test('without row locks the race finds the lost update, names the schedule, and plays it again', async () => {
  const last = {
    given: async (engine: Parameters<typeof waitingOrder>[0]) => {
      const { id: productId } = await engine.given.product({ stock: 1 });
      const [left, right] = [await engine.given.user(), await engine.given.user()];
      return { left, right, order: { items: [{ productId, quantity: 1 }] } };
    },
    options: { transactions: { rowLocks: false } },
  };
  const operations = {
    left: ({ engine, given }) => engine.customer(given.left).orders.place(given.order),
    right: ({ engine, given }) => engine.customer(given.right).orders.place(given.order),
  } satisfies Parameters<typeof race<Awaited<ReturnType<typeof last.given>>, 'left' | 'right'>>[0]['operations'];

  const report = await race({ ...last, operations, databaseUrl: await freshDatabaseUrl() });

  console.log(`${report}`);
  expect(report.endings).toHaveProperty(['left answered, right answered']);
  expect(report.breach?.problems.join()).toMatch(/The books are wrong/);
  expect(() => report.assertSafe()).toThrow(/left +read stocks/);

  const { schedule = '' } = report.breach ?? {};
  const again = await race({ ...last, operations, schedule, databaseUrl: await freshDatabaseUrl() });
  expect(again.breach).toMatchObject({
    problems: report.breach?.problems,
    schedule,
    trace: report.breach?.trace,
  });
});

test('an order and a correction of the stock both count', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: productId } = await engine.given.product({ stock: 5 });
      return { user: await engine.given.user(), productId };
    },
    operations: {
      buy: ({ engine, given: { user, productId } }) =>
        engine.customer(user).orders.place({ items: [{ productId, quantity: 3 }] }),
      adjust: ({ engine, given: { productId } }) => engine.admin.products.adjustStock({ productId, delta: -4 }),
    },
    check: async ({ engine, given: { productId }, outcomes }) => {
      const quantity =
        5 - (outcomes.buy.status === 'answered' ? 3 : 0) - (outcomes.adjust.status === 'answered' ? 4 : 0);
      expect(await engine.admin.products.get({ productId })).toMatchObject({ quantity });
    },
  });
  expectSafe(report, ['buy answered, adjust STOCK_INSUFFICIENT', 'buy STOCK_INSUFFICIENT, adjust answered']);
});

test('of two users the last coupon goes to one', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: couponId } = await engine.given.coupon({ totalQuantity: 1 });
      return { left: await engine.given.user(), right: await engine.given.user(), couponId };
    },
    operations: {
      left: ({ engine, given: { left, couponId } }) => engine.customer(left).coupons.claim({ couponId }),
      right: ({ engine, given: { right, couponId } }) => engine.customer(right).coupons.claim({ couponId }),
    },
  });
  expectSafe(report, ['left answered, right COUPON_EXHAUSTED', 'left COUPON_EXHAUSTED, right answered']);
});

test('a user who claims a coupon twice at once has it once', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: couponId } = await engine.given.coupon();
      return { user: await engine.given.user(), couponId };
    },
    operations: {
      left: ({ engine, given: { user, couponId } }) => engine.customer(user).coupons.claim({ couponId }),
      right: ({ engine, given: { user, couponId } }) => engine.customer(user).coupons.claim({ couponId }),
    },
  });
  expectSafe(report, ['left answered, right COUPON_ALREADY_CLAIMED', 'left COUPON_ALREADY_CLAIMED, right answered']);
});

test('an order that is paid while its time ends is complete, or cancelled with the money given back', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: (engine) => waitingOrder(engine),
    operations: {
      pay: ({ engine, given: { user, orderId } }) =>
        engine
          .customer(user)
          .payments.pay({ orderId, method: 'test' })
          .then(({ status }) => status),
      expire: ({ engine }) => {
        engine.clock.jump({ minutes: 15 });
        return sweepExpiredOrders(engine.internals);
      },
    },
    bound: 20,
    samples: 40,
    seed: 4,
    check: async ({ engine, given: { user, order, orderId, key } }) => {
      for (let round = 0; round < ROUNDS_MAX && (await engine.reconcilePayments()) > 0; round++);
      await expectLedgersAgree(engine);
      const isComplete = (await engine.customer(user).orders.get({ orderId })).status === 'COMPLETE';
      expect(engine.provider.held(key)).toBe(isComplete ? order.payableAmount : 0);
    },
  });
  // Two transactions and a call against one: too many orders to run all of them in a test.
  console.log(`${expect.getState().currentTestName}\n${report}`);
  report.assertSafe();
  expect(Object.keys(report.endings).sort()).toEqual([
    'pay ORDER_NOT_WAITING, expire answered',
    'pay PAID, expire answered',
    'pay REFUNDED, expire answered',
  ]);
});

test('of two whole refunds at once one gives everything back', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const waiting = await waitingOrder(engine);
      await waiting.shop.payments.pay({ orderId: waiting.orderId, method: 'test' });
      return waiting;
    },
    operations: {
      left: ({ engine, given: { orderId } }) => engine.admin.payments.refund({ orderId }),
      right: ({ engine, given: { orderId } }) => engine.admin.payments.refund({ orderId }),
    },
    check: async ({ engine, given: { key } }) => {
      await engine.reconcilePayments();
      expect(engine.provider.held(key)).toBe(0);
    },
  });
  expectSafe(report, ['left answered, right ORDER_NOT_REFUNDABLE', 'left ORDER_NOT_REFUNDABLE, right answered']);
});

test('one key at two servers places one order, and both get the same answer', async () => {
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const { id: productId } = await engine.given.product();
      return {
        user: await engine.given.user(),
        order: { items: [{ productId, quantity: 1 }], idempotencyKey: 'the-order' },
      };
    },
    operations: {
      left: ({ engine, given: { user, order } }) => engine.customer(user).orders.place(order),
      right: ({ engine, given: { user, order } }) => engine.customer(user).orders.place(order),
    },
    check: async ({ engine, outcomes: { left, right } }) => {
      expect(left).toEqual(right);
      expect(await engine.sql('select id from orders')).toHaveLength(1);
    },
  });
  expectSafe(report, ['left answered, right answered']);
});
