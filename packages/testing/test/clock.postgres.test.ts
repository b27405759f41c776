import { expect, onTestFinished, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';
import { freshDatabaseUrl } from '../src/vitest/fresh-database.ts';
import { receiverOf } from './receiver.ts';

const ORDERS = 20;

test('two engines on one database let the same days pass at once: each order expires once, and its events arrive', async () => {
  const databaseUrl = await freshDatabaseUrl();
  const one = await createTestEngine({ databaseUrl });
  const two = await createTestEngine({ databaseUrl });
  onTestFinished(() => one.close());
  onTestFinished(() => two.close());
  const receiver = await receiverOf(200);
  await one.admin.events.createEndpoint({ url: receiver.url, eventTypes: ['order.cancelled'] });
  const orders = await Promise.all(Array.from({ length: ORDERS }, () => one.given.order()));
  expect(orders).toHaveLength(ORDERS);

  await Promise.all([one.clock.advance({ days: 3 }), two.clock.advance({ days: 3 })]);

  const cancelled = await one.events.ofType('order.cancelled');
  expect(new Set(cancelled.map(({ data }) => data.orderId)).size).toBe(ORDERS);
  expect(cancelled).toHaveLength(ORDERS);
  const deliveries = await one.events.deliveries();
  expect(deliveries.map(({ status }) => status)).toEqual(orders.map(() => 'DELIVERED'));
  expect(receiver.sentAt.length).toBeGreaterThanOrEqual(ORDERS);
});
