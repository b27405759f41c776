import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal } from './shop-for-test.ts';

test('a charge adds points and an entry with the new balance', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine);
  const entry = await engine.admin.points.charge({ userId: user.id, amount: 3_000 });
  expect(entry).toMatchObject({ userId: user.id, type: 'CHARGE', amount: 3_000, balanceAfter: 3_000, orderId: null });
  expect(await shop.points.balance()).toEqual({ userId: user.id, balance: 3_000, version: 2 });
  expect(await engine.admin.points.balance({ userId: user.id })).toMatchObject({ balance: 3_000 });
});

test('the history shows every movement, newest first, with its running balance', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 5_000 });
  const tea = await productWith(engine, { price: 2_000 });
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], points: 2_000 });
  const entries = [];
  for await (const { type, amount, balanceAfter, orderId } of shop.points.history({ limit: 1 })) {
    entries.push({ type, amount, balanceAfter, orderId });
  }
  expect(entries).toEqual([
    { type: 'USE', amount: -2_000, balanceAfter: 3_000, orderId: order.id },
    { type: 'CHARGE', amount: 5_000, balanceAfter: 5_000, orderId: null },
  ]);
});

test('a hundred charges at once add up', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine);
  const charges = await Promise.all(
    Array.from({ length: 100 }, () => engine.admin.points.charge({ userId: user.id, amount: 10 })),
  );
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000, version: 101 });
  const balances = charges.map(({ balanceAfter }) => balanceAfter).sort((a, b) => a - b);
  expect(balances).toEqual(Array.from({ length: 100 }, (_, place) => (place + 1) * 10));
});

test('a wallet has a limit, and a user that is not there has no wallet', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine);
  const amount = 1_000_000_000;
  await Promise.all(Array.from({ length: 1_000 }, () => engine.admin.points.charge({ userId: user.id, amount })));
  expect(await refusal(engine.admin.points.charge({ userId: user.id, amount: 1 }))).toMatchObject({
    reason: 'POINT_BALANCE_LIMIT',
    details: { limit: 1_000_000_000_000, balance: 1_000_000_000_000 },
  });
  expect(await refusal(engine.admin.points.charge({ userId: 999, amount: 1 }))).toMatchObject({
    reason: 'USER_NOT_FOUND',
    details: { userId: 999 },
  });
});

test("nobody but an admin reads another user's wallet", async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const other = await customerWith(engine, { points: 1_000 });
  const userId = other.user.id;
  expect(await refusal(shop.points.balance({ userId }))).toMatchObject({ reason: 'USER_NOT_FOUND' });
  expect(await refusal(Promise.resolve(shop.points.history({ userId })))).toMatchObject({ reason: 'USER_NOT_FOUND' });
  expect(await refusal(engine.anonymous.points.balance())).toMatchObject({ reason: 'UNAUTHENTICATED' });
  expect(await refusal(engine.admin.points.balance())).toMatchObject({ reason: 'INPUT_INVALID' });
});

test('an admin corrects a balance in both ways, and the reason stays in the history', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine, { points: 500 });
  const adjust = (amount: number, reason: string) => engine.admin.points.adjust({ userId: user.id, amount, reason });
  expect(await adjust(250, 'Late delivery')).toMatchObject({
    type: 'ADJUST',
    amount: 250,
    balanceAfter: 750,
    reason: 'Late delivery',
    orderId: null,
  });
  expect(await adjust(-750, '잘못 충전')).toMatchObject({ amount: -750, balanceAfter: 0, reason: '잘못 충전' });
  expect((await shop.points.history()).items.map(({ reason }) => reason)).toEqual(['잘못 충전', 'Late delivery', null]);
});

test('a correction stops at nothing and at the limit', async () => {
  const engine = await openTestShop({ settings: { pointBalanceMax: 1_000 } });
  const { user, shop } = await customerWith(engine, { points: 900 });
  const adjust = (amount: number, userId = user.id) =>
    refusal(engine.admin.points.adjust({ userId, amount, reason: 'Test' }));
  expect(await adjust(-901)).toMatchObject({
    reason: 'POINTS_INSUFFICIENT',
    details: { requested: 901, available: 900 },
  });
  expect(await adjust(101)).toMatchObject({ reason: 'POINT_BALANCE_LIMIT', details: { limit: 1_000, balance: 900 } });
  expect(await refusal(engine.admin.points.charge({ userId: user.id, amount: 101 }))).toMatchObject({
    reason: 'POINT_BALANCE_LIMIT',
  });
  expect(await adjust(1, 999)).toMatchObject({ reason: 'USER_NOT_FOUND' });
  expect(await shop.points.balance()).toMatchObject({ balance: 900, version: 2 });
  await engine.admin.points.adjust({ userId: user.id, amount: 100, reason: 'To the limit' });
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
});

test('the history is narrowed by type and by time, page by page', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine);
  const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day) => new Date(`${day}T00:00:00.000Z`));
  for (const [place, day] of days.entries()) {
    await engine.clock.set(day);
    await engine.admin.points.charge({ userId: user.id, amount: place + 1 });
    await engine.admin.points.adjust({ userId: user.id, amount: 10 * (place + 1), reason: 'Gift' });
  }
  const amounts = async (input: Parameters<typeof shop.points.history>[0]) => {
    const found: number[] = [];
    for await (const { amount } of shop.points.history({ ...input, limit: 1 })) found.push(amount);
    return found;
  };
  const [, second, third] = days;
  expect(await amounts({})).toEqual([40, 4, 30, 3, 20, 2, 10, 1]);
  expect(await amounts({ type: 'ADJUST' })).toEqual([40, 30, 20, 10]);
  expect(await amounts({ type: 'USE' })).toEqual([]);
  expect(await amounts({ from: third })).toEqual([40, 4, 30, 3]);
  expect(await amounts({ to: second })).toEqual([10, 1]);
  expect(await amounts({ from: second, to: third, type: 'CHARGE' })).toEqual([2]);
});
