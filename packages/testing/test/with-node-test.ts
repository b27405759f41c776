import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestEngine } from '../src/index.ts';

test('a purchase takes a piece from the stock', async () => {
  await using engine = await createTestEngine();
  const product = await engine.given.product({ stock: 3 });
  await engine.given.order({ items: [{ productId: product.id, quantity: 1 }] });
  assert.equal((await engine.anonymous.products.get({ productId: product.id })).quantity, 2);
});

test('an order that nobody pays gives its piece back', async () => {
  await using engine = await createTestEngine();
  const product = await engine.given.product({ stock: 3 });
  await engine.given.order({ items: [{ productId: product.id, quantity: 1 }] });
  await engine.clock.advance({ minutes: 15 });
  assert.equal((await engine.anonymous.products.get({ productId: product.id })).quantity, 3);
  assert.deepEqual(await engine.events.types(), ['order.placed', 'order.cancelled']);
});

test('wrong books fail this test', async () => {
  await using engine = await createTestEngine();
  await engine.given.user({ points: 100 });
  await engine.sql('update point_wallets set balance = 101');
});
