import { expect, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';

test('an order is given in any state that it can come to, through the real commands', async () => {
  await using engine = await createTestEngine();
  const given = async (status: 'WAITING' | 'COMPLETE' | 'CANCELLED' | 'REFUNDED') =>
    (await engine.given.order({ status })).status;
  expect(await given('WAITING')).toBe('WAITING');
  expect(await given('COMPLETE')).toBe('COMPLETE');
  expect(await given('CANCELLED')).toBe('CANCELLED');
  expect(await given('REFUNDED')).toBe('REFUNDED');
  expect(await engine.given.order({ status: 'COMPLETE', points: 'all' })).toMatchObject({ status: 'COMPLETE' });
  await expect(engine.given.order({ status: 'WAITING', points: 'all' })).rejects.toThrow(
    'Order 6 is COMPLETE, and cannot be made WAITING.',
  );
});

test('an order uses the coupon that is named, and points pay the rest', async () => {
  await using engine = await createTestEngine();
  const coupon = await engine.given.coupon({ discountValue: 300 });
  const order = await engine.given.order({ coupon, points: 'all' });
  expect(order).toMatchObject({ status: 'COMPLETE', totalAmount: 1_000, discountAmount: 300, usedPoint: 700 });
});

test('a coupon is in the hands of those who are named', async () => {
  await using engine = await createTestEngine();
  const claimedBy = [await engine.given.user(), await engine.given.user()];
  expect(await engine.given.coupon({ claimedBy })).toMatchObject({ name: 'Coupon 1', issuedQuantity: 2 });
  for (const user of claimedBy) expect((await engine.customer(user).coupons.mine()).items).toHaveLength(1);
});

test('names and ids are the same at each run, and count on in a fork and after going back', async () => {
  const run = async () => {
    await using engine = await createTestEngine();
    const before = await engine.snapshot();
    await engine.given.product();
    await using fork = await engine.fork();
    const names = [(await fork.given.product()).name, (await engine.given.product()).name];
    await engine.restore(before);
    const { id, name } = await engine.given.product();
    return [...names, name, id];
  };
  expect(await run()).toEqual(['Product 2', 'Product 2', 'Product 1', 1]);
  expect(await run()).toEqual(await run());
});
