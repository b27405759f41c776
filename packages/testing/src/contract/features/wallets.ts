import assert from 'node:assert/strict';
import { feature, needs } from '../behaviour.ts';
import { assertRefused, NOBODY, sumOf } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const wallets = feature('Wallets', {
  'a new wallet is empty': async (trial) => {
    const { user, shop } = await trial.customer();
    assert.partialDeepStrictEqual(await shop.points.balance(), { userId: user.id, balance: 0 });
    assert.deepEqual((await shop.points.history()).items, []);
  },

  'points that are charged are in the balance and in the history': async (trial) => {
    const { user, shop } = await trial.customer();
    const entry = await trial.admin.points.charge({ userId: user.id, amount: 700 });
    assert.partialDeepStrictEqual(entry, { userId: user.id, type: 'CHARGE', amount: 700, balanceAfter: 700 });
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 700 });
    assert.deepEqual((await shop.points.history()).items, [entry]);
  },

  'points that pay for an order are an entry of that order': async (trial) => {
    const { shop } = await trial.customer({ points: 1_500 });
    const order = await shop.orders.place({ items: [lineOf(await trial.product())], points: 1_000 });
    const [entry] = (await shop.points.history({ type: 'USE' })).items;
    assert.partialDeepStrictEqual(entry, { type: 'USE', amount: -1_000, balanceAfter: 500, orderId: order.id });
  },

  'every entry tells what the wallet held after it, newest first, and the entries sum to the balance': async (
    trial,
  ) => {
    const { user, shop } = await trial.customer();
    for (const amount of [500, 30, 7]) await trial.admin.points.charge({ userId: user.id, amount });
    await trial.admin.points.adjust({ userId: user.id, amount: -37, reason: 'Charged by mistake' });
    const { items } = await shop.points.history();
    assert.deepEqual(
      items.map(({ balanceAfter }) => balanceAfter),
      [500, 537, 530, 500],
    );
    const { balance } = await shop.points.balance();
    assert.equal(sumOf(items.map(({ amount }) => amount)), balance);
  },

  'the history gives every entry exactly once, page by page': async (trial) => {
    const { user, shop } = await trial.customer();
    for (const amount of [1, 2, 3, 4, 5]) await trial.admin.points.charge({ userId: user.id, amount });
    const amounts: number[] = [];
    for await (const { amount } of shop.points.history({ limit: 2 })) amounts.push(amount);
    assert.deepEqual(amounts, [5, 4, 3, 2, 1]);
  },

  'a correction by hand keeps its reason and never takes more than is there': async (trial) => {
    const { user, shop } = await trial.customer({ points: 100 });
    const reason = 'The parcel came late';
    const entry = await trial.admin.points.adjust({ userId: user.id, amount: 20, reason });
    assert.partialDeepStrictEqual(entry, { type: 'ADJUST', amount: 20, balanceAfter: 120, reason });
    const tooMuch = trial.admin.points.adjust({ userId: user.id, amount: -121, reason });
    await assertRefused(tooMuch, 'POINTS_INSUFFICIENT', { requested: 121, available: 120 });
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 120 });
  },

  'an order cannot spend more points than the wallet holds': async (trial) => {
    const { shop } = await trial.customer({ points: 500 });
    const call = shop.orders.place({ items: [lineOf(await trial.product())], points: 501 });
    await assertRefused(call, 'POINTS_INSUFFICIENT', { requested: 501, available: 500 });
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 500 });
  },

  'an admin sees the wallet of any user, and is told when there is no such user': async (trial) => {
    const { user } = await trial.customer({ points: 40 });
    assert.partialDeepStrictEqual(await trial.admin.points.balance({ userId: user.id }), { balance: 40 });
    await assertRefused(trial.admin.points.balance({ userId: NOBODY }), 'USER_NOT_FOUND', { userId: NOBODY });
    await assertRefused(trial.admin.points.charge({ userId: NOBODY, amount: 1 }), 'USER_NOT_FOUND');
  },

  'points that a customer buys are in the wallet once they are paid, and only then': needs(
    'payments',
    async (trial, { method, approvedToken, declinedToken }) => {
      const { shop } = await trial.customer();
      const declined = await shop.points.buy({ amount: 300, method, token: declinedToken });
      assert.partialDeepStrictEqual(declined, { status: 'FAILED', amount: 300 });
      assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 0 });
      const paid = await shop.points.buy({ amount: 300, method, token: approvedToken });
      assert.partialDeepStrictEqual(paid, { status: 'PAID', amount: 300 });
      assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 300 });
    },
  ),
});
