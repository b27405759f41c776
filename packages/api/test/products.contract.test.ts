import { expect, test } from 'vitest';
import { openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

test('a product is created with its stock and listed', async () => {
  const engine = await openTestShop();
  const product = await engine.admin.products.create({
    name: '제주 감귤 🍊',
    description: 'Sweet; \'quoted\' \\ and "more"',
    price: 14_900,
    quantity: 120,
  });
  expect(product).toMatchObject({ name: '제주 감귤 🍊', quantity: 120, status: 'ON_SALE', version: 1 });
  expect(product.createdAt).toBeInstanceOf(Date);
  expect(await engine.anonymous.products.get({ productId: product.id })).toEqual(product);
  expect(await engine.anonymous.products.list()).toEqual({ items: [product], nextCursor: null });
});

test('a stale expected version is refused with the current one, and changes nothing', async () => {
  const engine = await openTestShop();
  const product = await productWith(engine, { stock: 5 });
  const { version } = await engine.admin.products.update({ productId: product.id, expectedVersion: 1, price: 2_000 });
  expect(version).toBe(2);
  const state = await stateOf(engine);
  const conflict = { reason: 'VERSION_CONFLICT', details: { expectedVersion: 1, currentVersion: 2 } };
  const stale = { productId: product.id, expectedVersion: 1 };
  expect(await refusal(engine.admin.products.update({ ...stale, price: 1 }))).toMatchObject(conflict);
  expect(await refusal(engine.admin.products.adjustStock({ ...stale, delta: 1 }))).toMatchObject(conflict);
  expect(await stateOf(engine)).toEqual(state);
});

test('of two changes at once that expect the same version, one is refused', async () => {
  const engine = await openTestShop();
  const product = await productWith(engine);
  const change = { productId: product.id, expectedVersion: 1 };
  const ended = await Promise.allSettled([
    engine.admin.products.update({ ...change, price: 1 }),
    engine.admin.products.update({ ...change, price: 2 }),
  ]);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('fifty stock changes at once without a version all count', async () => {
  const engine = await openTestShop();
  const product = await productWith(engine, { stock: 0 });
  await Promise.all(
    Array.from({ length: 50 }, () => engine.admin.products.adjustStock({ productId: product.id, delta: 2 })),
  );
  expect(await engine.anonymous.products.get({ productId: product.id })).toMatchObject({ quantity: 100, version: 51 });
});

test('stock never goes below zero nor past its limit', async () => {
  const engine = await openTestShop();
  const { id: productId } = await productWith(engine, { stock: 3 });
  expect(await refusal(engine.admin.products.adjustStock({ productId, delta: -4 }))).toMatchObject({
    reason: 'STOCK_INSUFFICIENT',
    details: { productId, requested: 4, available: 3 },
  });
  expect(await refusal(engine.admin.products.adjustStock({ productId, delta: 1_000_000_000 }))).toMatchObject({
    reason: 'STOCK_LIMIT',
    details: { productId, limit: 1_000_000_000, quantity: 3 },
  });
  expect(await engine.admin.products.adjustStock({ productId, delta: -3 })).toMatchObject({ quantity: 0 });
});

test('a hidden product is for admins alone', async () => {
  const engine = await openTestShop();
  const { id: productId } = await productWith(engine);
  await engine.admin.products.update({ productId, status: 'HIDDEN' });
  expect(await engine.admin.products.get({ productId })).toMatchObject({ status: 'HIDDEN' });
  expect(await refusal(engine.anonymous.products.get({ productId }))).toMatchObject({ reason: 'PRODUCT_NOT_FOUND' });
  expect((await engine.anonymous.products.list()).items).toEqual([]);
});

test('products that are added while a list is read are neither shown twice nor push others out', async () => {
  const engine = await openTestShop();
  for (let made = 0; made < 5; made++) {
    await productWith(engine);
    await engine.clock.advance({ seconds: 1 });
  }
  const first = await engine.anonymous.products.list({ limit: 2 });
  await productWith(engine);
  const second = await engine.anonymous.products.list({ limit: 10, cursor: String(first.nextCursor) });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  expect(second.nextCursor).toBeNull();
});

test('a cursor that no list has given is refused', async () => {
  const engine = await openTestShop();
  for (const cursor of ['', 'x', Buffer.from('1.2; drop table').toString('base64url'), '999999999999999999999']) {
    expect(await refusal(engine.anonymous.products.list({ cursor }))).toMatchObject({ reason: 'INPUT_INVALID' });
  }
});
