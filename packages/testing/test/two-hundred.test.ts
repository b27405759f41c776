import { describe, expect } from 'vitest';
import { test } from '../src/vitest/fixture.ts';

// The size of a team's own suite: each test has an engine of its own, makes a purchase, and ends with the audit that
// every engine makes when it closes.
describe('two hundred tests, each with an engine of its own', () => {
  for (let pieces = 1; pieces <= 200; pieces++) {
    test(`a customer buys ${pieces} of ${pieces + 1} pieces and pays with points`, async ({ engine }) => {
      const user = await engine.given.user({ points: 1_000_000 });
      const product = await engine.given.product({ price: 1_000, stock: pieces + 1 });
      const shop = engine.customer(user);
      const order = await shop.orders.place({
        items: [{ productId: product.id, quantity: pieces }],
        points: pieces * 1_000,
      });
      expect(order).toMatchObject({ id: 1, status: 'COMPLETE', totalAmount: pieces * 1_000 });
      expect(await engine.sql('select quantity from stocks')).toEqual([{ quantity: 1 }]);
    });
  }
});
