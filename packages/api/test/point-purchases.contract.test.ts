import { expect, test } from 'vitest';
import { eventTypes, expectLedgersAgree } from './payments-for-test.ts';
import { customerWith, openTestShop, refusal } from './shop-for-test.ts';

test('points that a customer buys are in the wallet once they are paid', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine);
  const call = { amount: 5_000, method: 'test', idempotencyKey: 'five-thousand' };

  const charge = await shop.points.buy(call);

  expect(charge).toMatchObject({ userId: user.id, status: 'PAID', amount: 5_000, method: 'test', failureReason: null });
  expect(engine.provider.ledger).toMatchObject([{ key: `charge-${charge.id}`, amount: 5_000 }]);
  expect(await shop.points.buy(call)).toEqual(charge);
  expect(await shop.points.balance()).toMatchObject({ balance: 5_000 });
  expect((await shop.points.history()).items).toMatchObject([{ type: 'CHARGE', amount: 5_000, balanceAfter: 5_000 }]);
  expect(await eventTypes(engine)).toEqual(['points.charged']);
  await expectLedgersAgree(engine);
});

test.for(['decline', 'no-such-token'])('a purchase that fails (%s) credits nothing', async (token) => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  expect(await shop.points.buy({ amount: 5_000, method: 'test', token })).toMatchObject({ status: 'FAILED' });
  expect(await shop.points.balance()).toMatchObject({ balance: 0 });
  expect(await shop.points.buy({ amount: 5_000, method: 'test' })).toMatchObject({ status: 'PAID' });
});

test('points whose payment was not answered are credited once, by whoever hears of it first', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const call = { amount: 700, method: 'test', token: 'time-out-after', idempotencyKey: 'seven-hundred' };
  const unknown = await shop.points.buy(call);
  expect(unknown).toMatchObject({ status: 'PENDING' });
  engine.clock.jump({ minutes: 1 });
  const webhook = engine.provider.webhook(`charge-${unknown.id}`, { at: engine.clock.now() });

  await Promise.all([
    engine.reconcilePayments(),
    engine.deliverWebhook(webhook),
    engine.deliverWebhook(webhook),
    shop.points.buy(call),
    engine.reconcilePayments(),
  ]);

  expect(await shop.points.balance()).toMatchObject({ balance: 700, version: 2 });
  await expectLedgersAgree(engine);
});

test('a purchase that never reached the provider fails after a while', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const charge = await shop.points.buy({ amount: 700, method: 'test', token: 'time-out-before' });
  expect(charge).toMatchObject({ status: 'PENDING' });
  engine.clock.jump({ minutes: 14 });
  expect(await engine.reconcilePayments()).toBe(0);
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(1);
  expect(await engine.sql('select status from point_charges')).toEqual([{ status: 'FAILED' }]);
});

test('the limit of the wallet is asked before the money is taken, with what is under way', async () => {
  const engine = await openTestShop({ settings: { pointBalanceMax: 1_000 } });
  const { user, shop } = await customerWith(engine, { points: 400 });
  const late = await shop.points.buy({ amount: 500, method: 'test', token: 'late' });

  expect(await refusal(shop.points.buy({ amount: 101, method: 'test' }))).toMatchObject({
    reason: 'POINT_BALANCE_LIMIT',
    details: { limit: 1_000, balance: 400 },
  });
  expect(engine.provider.ledger).toHaveLength(1);
  expect(await refusal(shop.points.buy({ amount: 1, method: 'cash' }))).toMatchObject({
    reason: 'PAYMENT_METHOD_UNKNOWN',
  });
  expect(await shop.points.buy({ amount: 100, method: 'test' })).toMatchObject({ status: 'PAID' });

  // Points that are paid for are owed, even if an admin has filled the wallet meanwhile.
  await engine.admin.points.charge({ userId: user.id, amount: 500 });
  engine.provider.approve(`charge-${late.id}`);
  await engine.deliverWebhook(engine.provider.webhook(`charge-${late.id}`, { at: engine.clock.now() }));
  expect(await shop.points.balance()).toMatchObject({ balance: 1_500 });
  await expectLedgersAgree(engine);
});

test('twenty purchases at once never pass the limit', async () => {
  const engine = await openTestShop({ settings: { pointBalanceMax: 1_000 } });
  const { shop } = await customerWith(engine);
  const ended = await Promise.allSettled(
    Array.from({ length: 20 }, () => shop.points.buy({ amount: 100, method: 'test' })),
  );
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await shop.points.balance()).toMatchObject({ balance: 1_000 });
  await expectLedgersAgree(engine);
});

test('a wrong amount credits nothing, and the purchase stays open', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  expect(await shop.points.buy({ amount: 500, method: 'test', token: 'wrong-amount' })).toMatchObject({
    status: 'PENDING',
    failureReason: 'The provider collected 499 instead of 500.',
  });
  engine.clock.jump({ minutes: 20 });
  expect(await engine.reconcilePayments()).toBe(0);
  expect(await shop.points.balance()).toMatchObject({ balance: 0 });
});
