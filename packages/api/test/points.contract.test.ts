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
