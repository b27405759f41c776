import { describe, expect } from 'vitest';
import { test } from '../src/vitest/fixture.ts';

test('a test is given an engine and a customer of its own', async ({ engine, shop }) => {
  const product = await engine.given.product();
  await shop.cart.addItem({ productId: product.id, quantity: 1 });
  expect(await shop.orders.place()).toMatchObject({ status: 'WAITING', totalAmount: 1_000 });
});

test('the next test begins empty', async ({ engine }) => {
  expect((await engine.anonymous.products.list()).items).toEqual([]);
});

describe('with options of its own', () => {
  test.override({ engineOptions: { now: new Date('2027-03-01T00:00:00.000Z'), auditOnClose: false } });

  test('an engine is made as the options say', async ({ engine, shop }) => {
    expect((await shop.users.me()).createdAt).toEqual(new Date('2027-03-01T00:00:00.000Z'));
    await engine.given.user({ points: 5 });
    await engine.sql('update point_wallets set balance = 6');
  });
});

// The books that are wrong when the fixture closes its engine fail the test.
test.fails('wrong books fail a test that has passed', async ({ engine }) => {
  await engine.given.user({ points: 5 });
  await engine.sql('update point_wallets set balance = 6');
});
