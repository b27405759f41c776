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
  await engine.clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 });
  const second = await engine.admin.products.create({ name: 'Honey', price: 1_000 });
  expect(first.createdAt).toEqual(new Date('2026-05-01T09:00:00.000Z'));
  expect(second.createdAt).toEqual(new Date('2026-05-02T11:03:04.005Z'));
});

test('a customer is who the test says', async () => {
  await using engine = await createTestEngine();
  const user = await engine.admin.users.create({ name: 'Kim Minji' });
  expect(await engine.customer(user).users.me()).toEqual(user);
});

test('a test says what matters to it, and the rest is made up', async () => {
  await using engine = await createTestEngine();
  const product = await engine.given.product({ stock: 3 });
  const user = await engine.given.user({ points: 10_000 });
  const order = await engine.given.order({ user, items: [{ productId: product.id, quantity: 3 }], points: 'all' });
  expect(order).toMatchObject({ id: 1, status: 'COMPLETE', totalAmount: 3_000, usedPoint: 3_000 });
  expect(await engine.customer(user).points.balance()).toMatchObject({ balance: 10_000 });
  expect(await engine.given.order()).toMatchObject({ id: 2, status: 'WAITING', payableAmount: 1_000 });
  expect(await engine.given.coupon({ totalQuantity: 1 })).toMatchObject({ name: 'Coupon 1', totalQuantity: 1 });
  expect((await engine.audit()).differences).toEqual([]);
});

test('a fork begins as the engine is, and goes its own way', async () => {
  await using engine = await createTestEngine();
  const product = await engine.given.product({ stock: 1 });
  const user = await engine.given.user();
  await using fork = await engine.fork();
  const items = [{ productId: product.id, quantity: 1 }];
  await fork.clock.advance({ days: 1 });

  // The last piece is sold once in each of them.
  await fork.given.order({ user, items });
  await engine.given.order({ user, items });

  expect(fork.clock.now()).not.toEqual(engine.clock.now());
  for (const each of [engine, fork]) {
    expect(await each.anonymous.products.get({ productId: product.id })).toMatchObject({ quantity: 0 });
    expect((await each.audit()).differences).toEqual([]);
  }
});

test('an engine goes back to what it was, with its time, and its clients stay good', async () => {
  await using engine = await createTestEngine();
  const user = await engine.given.user({ points: 500 });
  const shop = engine.customer(user);
  const before = await engine.snapshot();
  await engine.clock.advance({ hours: 1 });
  await engine.admin.points.charge({ userId: user.id, amount: 500 });

  await engine.restore(before);

  expect(engine.clock.now()).toEqual(before.now);
  expect(await shop.points.balance()).toMatchObject({ balance: 500 });
  await engine.admin.points.charge({ userId: user.id, amount: 1 });
  expect(await shop.points.balance()).toMatchObject({ balance: 501 });
});

test('a hundred engines at once stay apart', async () => {
  const engines = await Promise.all(Array.from({ length: 100 }, () => createTestEngine()));
  await Promise.all(engines.map((engine, place) => engine.given.product({ stock: place + 1 })));
  const stocks = await Promise.all(
    engines.map(async ({ anonymous }) => (await anonymous.products.list()).items.map(({ quantity }) => quantity)),
  );
  expect(stocks).toEqual(engines.map((_, place) => [place + 1]));
  await Promise.all(engines.map((engine) => engine.close()));
});
