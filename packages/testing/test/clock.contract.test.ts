import { expect, onTestFinished, test } from 'vitest';
import { createTestEngine, type TestEngine } from '../src/index.ts';
import { freshDatabaseUrl } from '../src/vitest/fresh-database.ts';
import { receiverOf } from './receiver.ts';

const START = new Date('2026-01-01T00:00:00.000Z');
const HOLD_MS = 15 * 60_000;

async function openEngine(): Promise<TestEngine> {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(), now: START });
  onTestFinished(() => engine.close());
  return engine;
}

function secondsAfterStart(moments: readonly Date[]): number[] {
  return moments.map((moment) => (moment.getTime() - START.getTime()) / 1_000);
}

test('in three days an order expires at its own moment, and its event is tried at the moments that backoff names', async () => {
  const engine = await openEngine();
  const { id: orderId } = await engine.given.order();
  const deaf = await receiverOf(500);
  const awake = await receiverOf(200);
  await engine.admin.events.createEndpoint({ url: deaf.url, eventTypes: ['order.cancelled'] });
  await engine.admin.events.createEndpoint({ url: awake.url, eventTypes: ['order.cancelled'] });

  await engine.clock.advance({ days: 3 });

  expect(secondsAfterStart([engine.clock.now()])).toEqual([3 * 24 * 60 * 60]);
  expect(await engine.admin.events.list({ aggregateType: 'order', aggregateId: orderId })).toMatchObject({
    items: [{ type: 'order.cancelled', occurredAt: new Date(START.getTime() + HOLD_MS) }, { type: 'order.placed' }],
  });
  // The pauses double from one second on, up to three hours; sixteen attempts are enough.
  const pauses = [...Array.from({ length: 14 }, (_, nth) => 2 ** nth), 3 * 60 * 60];
  let at = HOLD_MS / 1_000;
  expect(secondsAfterStart(deaf.sentAt)).toEqual([at, ...pauses.map((pause) => (at += pause))]);
  expect(secondsAfterStart(awake.sentAt)).toEqual([HOLD_MS / 1_000]);
  expect(await engine.events.deliveries()).toMatchObject([
    { url: deaf.url, status: 'DEAD', attempts: 16, lastError: 'HTTP 500', nextAttemptAt: null },
    { url: awake.url, status: 'DELIVERED', attempts: 1, deliveredAt: new Date(START.getTime() + HOLD_MS) },
  ]);
});

test('orders that expire at several moments expire in that order, each once', async () => {
  const engine = await openEngine();
  for (let nth = 0; nth < 3; nth++) {
    await engine.given.order();
    await engine.clock.advance({ minutes: 4 });
  }
  await engine.clock.set(new Date(START.getTime() + 60 * 60_000));
  const cancelled = await engine.events.ofType('order.cancelled');
  expect(cancelled.map(({ data }) => data.orderId)).toEqual([1, 2, 3]);
  expect(secondsAfterStart(cancelled.map(({ occurredAt }) => occurredAt))).toEqual([15 * 60, 19 * 60, 23 * 60]);
});

test('a payment whose answer was lost is asked about once it was left alone for a minute', async () => {
  const engine = await openEngine();
  const user = await engine.given.user();
  const order = await engine.given.order({ user });
  engine.faults.provider.timesOutAfterSuccess();
  const shop = engine.customer(user);
  await shop.payments.pay({ orderId: order.id, method: 'test' });
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'WAITING' });
  await engine.clock.advance({ hours: 1 });
  const [completed] = await engine.events.ofType('order.completed');
  expect(completed).toMatchObject({ data: { orderId: order.id }, occurredAt: new Date(START.getTime() + 60_000) });
});

test('what is due is done without moving the time, and what is not due is left', async () => {
  const engine = await openEngine();
  const receiver = await receiverOf(200);
  await engine.admin.events.createEndpoint({ url: receiver.url });
  const order = await engine.given.order();
  expect(await engine.runDue()).toBeGreaterThan(0);
  expect(receiver.sentAt).toEqual([START]);
  expect(engine.clock.now()).toEqual(START);
  expect(await engine.customer({ id: order.userId }).orders.get({ orderId: order.id })).toMatchObject({
    status: 'WAITING',
  });
  expect(await engine.runDue()).toBe(0);
});

test('a jump, and a clock that is set back, do nothing but show another time', async () => {
  const engine = await openEngine();
  const order = await engine.given.order();
  const shop = engine.customer({ id: order.userId });
  engine.clock.jump({ days: 1 });
  await engine.clock.set(START);
  expect(engine.clock.now()).toEqual(START);
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'WAITING' });
  engine.clock.jump(new Date(START.getTime() + HOLD_MS));
  // What fell due while nobody looked is done at the time that the clock shows now.
  await engine.clock.advance({});
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'CANCELLED' });
});

test('moves that are not waited for are made one after another', async () => {
  const engine = await openEngine();
  const moves = [engine.clock.advance({ hours: 1 }), engine.clock.advance({ hours: 1 })];
  expect(engine.clock.now()).toEqual(START);
  await Promise.all(moves);
  expect(secondsAfterStart([engine.clock.now()])).toEqual([2 * 60 * 60]);
});

test('a job that fails makes the move fail at its moment, and the next move goes on from there', async () => {
  const engine = await openEngine();
  await engine.given.order();
  await engine.sql('alter table outbox_events rename to hidden_events');
  await expect(engine.clock.advance({ hours: 1 })).rejects.toThrow();
  expect(engine.clock.now()).toEqual(START);
  await engine.sql('alter table hidden_events rename to outbox_events');
  await engine.clock.advance({ hours: 1 });
  expect(await engine.events.types()).toEqual(['order.placed', 'order.cancelled']);
});
