import { createTestEngine, type TestEngine } from '@baguni/testing';
import { connectPostgres, type PostgresServer } from '@baguni/testing/postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { reconcilePayments, relayEvents, sequenceEvents, sweepExpiredOrders } from '../src/index.ts';
import { DyingProcess } from './dying-process.ts';
import { expectLedgersAgree, waitingOrder } from './payments-for-test.ts';
import { receiverWith } from './receiver.ts';
import { customerWith, productWith } from './shop-for-test.ts';

/** Work that a process may die in, and what has to be true once another process has gone on from there. */
interface Work<Given> {
  prepare(engine: TestEngine): Promise<Given>;
  /** What the dying process does. */
  act(engine: TestEngine, given: Given): Promise<unknown>;
  /** What is true whichever step was the last. */
  check(engine: TestEngine, given: Given): Promise<void>;
}

let server: PostgresServer;
/** It waits four times for Postgres, and each time it can die before it has asked and before it is answered. */
const STEPS_OF_A_COMMAND = 8;

let migrated: string;

beforeAll(async () => {
  server = connectPostgres(inject('postgresUrl'));
  migrated = await server.createDatabase();
  await (await createTestEngine({ databaseUrl: migrated })).close();
});

afterAll(() => server.stop());

/** Does the work once for each step that a process can die at, and once to its end; gives the number of steps. */
async function dieAtEveryStep<Given>(work: Work<Given>): Promise<number> {
  for (let step = 1; ; step++) {
    const { hasDied } = await dieAt(step, work);
    if (!hasDied) return step - 1;
  }
}

async function dieAt<Given>(step: number, { prepare, act, check }: Work<Given>): Promise<{ hasDied: boolean }> {
  const databaseUrl = await server.createDatabase(migrated);
  // Its books are looked at below, with the step at which the other one died.
  const engine = await createTestEngine({ databaseUrl, auditOnClose: false });
  const process = await DyingProcess.start(databaseUrl);
  try {
    const given = await prepare(engine);
    const dying = await createTestEngine({
      databaseUrl: process.databaseUrl,
      provider: process.reaching(engine.provider),
      now: engine.clock.now(),
      auditOnClose: false,
    });
    process.dieAtStep(step);
    // A dead process does not wait for its calls to end, and neither does the test.
    await Promise.race([act(dying, given), process.death]);
    const hasDied = process.isDead;
    await process.end();
    dying.close().catch(() => undefined);

    await goOn(engine);
    await check(engine, given);
    await expectLedgersAgree(engine);
    expect((await engine.audit()).differences, `after dying at step ${step}`).toEqual([]);
    return { hasDied };
  } finally {
    await process.end();
    await engine.close();
    await server.dropDatabase(databaseUrl);
  }
}

/** What every server does by itself, until nothing is left to do. */
async function goOn(engine: TestEngine): Promise<void> {
  engine.clock.jump({ minutes: 2 });
  for (const round of [sweepExpiredOrders, reconcilePayments, sequenceEvents, relayEvents]) {
    while ((await round(engine.internals)) > 0);
  }
}

async function statusOf(engine: TestEngine, orderId: number) {
  const [order] = await engine.sql<{ status: string }>(`select status from orders where id = ${orderId}`);
  return order?.status;
}

test('placing an order: it is there with all that it took, or not at all, and the same key places it once', async () => {
  const steps = await dieAtEveryStep({
    prepare: async (engine) => {
      const { user } = await customerWith(engine, { points: 5_000 });
      const product = await productWith(engine, { stock: 3 });
      return { user, items: [{ productId: product.id, quantity: 2 }], points: 500, idempotencyKey: 'the-order' };
    },
    act: (engine, { user, ...order }) => engine.customer(user).orders.place(order),
    check: async (engine, { user, ...order }) => {
      expect((await engine.sql('select id from orders')).length).toBeLessThanOrEqual(1);
      await engine.customer(user).orders.place(order);
      expect(await engine.sql('select id from orders')).toHaveLength(1);
    },
  });
  expect(steps).toBeGreaterThanOrEqual(STEPS_OF_A_COMMAND);
});

test('paying: the order is complete and the provider holds the money, or it waits and the provider holds none', async () => {
  const steps = await dieAtEveryStep({
    prepare: (engine) => waitingOrder(engine),
    act: (engine, { user, orderId }) => engine.customer(user).payments.pay({ orderId, method: 'test' }),
    check: async (engine, { orderId, key, order }) => {
      const isPaid = engine.provider.held(key) > 0;
      expect(await statusOf(engine, orderId)).toBe(isPaid ? 'COMPLETE' : 'WAITING');
      expect(engine.provider.held(key)).toBe(isPaid ? order.payableAmount : 0);
    },
  });
  expect(steps).toBeGreaterThanOrEqual(2 * STEPS_OF_A_COMMAND);
});

test('cancelling: the order is cancelled and gave everything back, or waits and holds it', async () => {
  const steps = await dieAtEveryStep({
    prepare: (engine) => waitingOrder(engine),
    act: (engine, { user, orderId }) => engine.customer(user).orders.cancel({ orderId }),
    check: async (engine, { orderId }) => {
      expect(['CANCELLED', 'WAITING']).toContain(await statusOf(engine, orderId));
    },
  });
  expect(steps).toBeGreaterThanOrEqual(STEPS_OF_A_COMMAND);
});

test('refunding: everything went back and so did the money, or nothing did', async () => {
  const steps = await dieAtEveryStep({
    prepare: async (engine) => {
      const waiting = await waitingOrder(engine);
      await waiting.shop.payments.pay({ orderId: waiting.orderId, method: 'test' });
      return waiting;
    },
    act: async (engine, { orderId }) => {
      await engine.admin.payments.refund({ orderId });
      await reconcilePayments(engine.internals);
    },
    check: async (engine, { orderId, key, order }) => {
      const isRefunded = (await statusOf(engine, orderId)) === 'REFUNDED';
      expect(engine.provider.held(key)).toBe(isRefunded ? 0 : order.payableAmount);
      expect(await engine.sql("select id from refunds where status <> 'COMPLETE'")).toEqual([]);
    },
  });
  expect(steps).toBeGreaterThanOrEqual(2 * STEPS_OF_A_COMMAND);
});

test('sweeping: expired orders end cancelled, each once', async () => {
  const steps = await dieAtEveryStep({
    prepare: async (engine) => {
      const orders = [await waitingOrder(engine), await waitingOrder(engine)];
      engine.clock.jump({ minutes: 16 });
      return orders.map(({ orderId }) => orderId);
    },
    act: (engine) => sweepExpiredOrders(engine.internals),
    check: async (engine, orderIds) => {
      for (const orderId of orderIds) expect(await statusOf(engine, orderId)).toBe('CANCELLED');
    },
  });
  expect(steps).toBeGreaterThanOrEqual(STEPS_OF_A_COMMAND);
});

test('relaying: every event arrives, in order and under one id, those that were sent before the end a second time', async () => {
  const steps = await dieAtEveryStep({
    prepare: async (engine) => {
      const receiver = await receiverWith();
      await engine.admin.events.createEndpoint({ url: receiver.url });
      const { orderId, shop } = await waitingOrder(engine);
      await shop.payments.pay({ orderId, method: 'test' });
      return receiver;
    },
    act: async (engine) => {
      await sequenceEvents(engine.internals);
      while ((await relayEvents(engine.internals)) > 0);
    },
    check: async (engine, { taken }) => {
      const events = await engine.sql<{ id: number; aggregate: string }>(
        "select id, aggregate_type || ' ' || aggregate_id as aggregate from outbox_events order by position",
      );
      const arrived = [...new Set(taken.map(({ id }) => id))];
      expect(arrived).toHaveLength(events.length);
      for (const ofOne of Map.groupBy(events, ({ aggregate }) => aggregate).values()) {
        const ids = ofOne.map(({ id }) => `evt_${id}`);
        expect(arrived.filter((id) => ids.includes(id))).toEqual(ids);
      }
      expect(await engine.sql("select id from event_deliveries where status <> 'DELIVERED'")).toEqual([]);
    },
  });
  expect(steps).toBeGreaterThanOrEqual(2 * STEPS_OF_A_COMMAND);
});
