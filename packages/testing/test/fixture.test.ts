import { expect } from 'vitest';
import { test } from '../src/vitest/fixture.ts';

test('a test is given an engine and a customer of its own', async ({ engine, shop }) => {
  const product = await engine.given.product();
  await shop.cart.addItem({ productId: product.id, quantity: 1 });
  expect(await shop.orders.place()).toMatchObject({ status: 'WAITING', totalAmount: 1_000 });
});

test('the next test begins empty', async ({ engine }) => {
  expect((await engine.anonymous.products.list()).items).toEqual([]);
});
