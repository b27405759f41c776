import { expect, onTestFinished, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';
import { freshDatabaseUrl } from '../src/vitest/fresh-database.ts';
import { receiverOf } from './receiver.ts';

async function openEngine() {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl() });
  onTestFinished(() => engine.close());
  return engine;
}

test('an engine shows what has happened, whether it is published or not, and to look publishes nothing', async () => {
  const engine = await openEngine();
  const order = await engine.given.order({ points: 'all' });
  expect(await engine.events.types()).toEqual(['points.charged', 'order.placed', 'order.completed']);
  expect((await engine.events.all()).map(({ position }) => position)).toEqual([null, null, null]);
  await engine.runDue();
  expect((await engine.events.all()).map(({ position }) => position)).toEqual([1, 2, 3]);
  const [completed] = await engine.events.ofType('order.completed');
  // The payload has the type that goes with the event's: this line does not compile otherwise.
  const usedPoint: number | undefined = completed?.data.usedPoint;
  expect(usedPoint).toBe(order.usedPoint);
});

test('an engine shows who was told what, how often it was tried, and when it is tried next', async () => {
  const engine = await openEngine();
  const deaf = await receiverOf(503);
  const awake = await receiverOf(200);
  const first = await engine.admin.events.createEndpoint({ url: deaf.url });
  const second = await engine.admin.events.createEndpoint({ url: awake.url, eventTypes: ['points.charged'] });
  await engine.given.user({ points: 5 });
  expect(await engine.events.deliveries()).toEqual([]);
  await engine.runDue();
  const now = engine.clock.now();
  const [event] = await engine.events.all();
  const told = { eventId: event?.id, eventType: 'points.charged' };
  expect(await engine.events.deliveries()).toEqual([
    {
      ...told,
      endpointId: first.id,
      url: deaf.url,
      status: 'PENDING',
      attempts: 1,
      nextAttemptAt: new Date(now.getTime() + 1_000),
      lastError: 'HTTP 503',
      deliveredAt: null,
    },
    {
      ...told,
      endpointId: second.id,
      url: awake.url,
      status: 'DELIVERED',
      attempts: 1,
      nextAttemptAt: null,
      lastError: null,
      deliveredAt: now,
    },
  ]);
});
