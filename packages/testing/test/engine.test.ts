import { expect, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';

test('an engine begins empty, and two engines know nothing of each other', async () => {
  await using one = await createTestEngine();
  await using other = await createTestEngine();
  await one.admin.products.create({ name: 'Tea', price: 1_000, quantity: 1 });
  expect((await one.anonymous.products.list()).items).toHaveLength(1);
  expect((await other.anonymous.products.list()).items).toEqual([]);
});

test('the time stands still until the test moves it', async () => {
  await using engine = await createTestEngine({ now: new Date('2026-05-01T09:00:00.000Z') });
  const first = await engine.admin.products.create({ name: 'Tea', price: 1_000 });
  engine.clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 });
  const second = await engine.admin.products.create({ name: 'Honey', price: 1_000 });
  expect(first.createdAt).toEqual(new Date('2026-05-01T09:00:00.000Z'));
  expect(second.createdAt).toEqual(new Date('2026-05-02T11:03:04.005Z'));
});

test('a customer is who the test says', async () => {
  await using engine = await createTestEngine();
  const user = await engine.admin.users.create({ name: 'Kim Minji' });
  expect(await engine.customer(user).users.me()).toEqual(user);
});
