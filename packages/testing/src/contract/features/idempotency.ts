import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertRefused, times } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const idempotency = feature('Idempotency', {
  'the same call with the same key takes effect once and gets the same answer': async (trial) => {
    const { user, shop } = await trial.customer();
    const product = await trial.product();
    const idempotencyKey = `key-${trial.word}`;
    const charge = () => trial.admin.points.charge({ userId: user.id, amount: 500, idempotencyKey });
    assert.deepEqual(await charge(), await charge());
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 500 });
    const place = () => shop.orders.place({ items: [lineOf(product)], idempotencyKey });
    const order = await place();
    await shop.orders.cancel({ orderId: order.id });
    assert.deepEqual(await place(), order);
    assert.equal((await shop.orders.list()).items.length, 1);
  },

  'the same call with the same key many times at once takes effect once and gets one answer': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const call = { items: [lineOf(product)], idempotencyKey: `key-${trial.word}` };
    const answers = await Promise.all(times(8, () => shop.orders.place(call)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal(await trial.stockOf(product), 9);
  },

  'a key that was used for another request is refused': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const idempotencyKey = `key-${trial.word}`;
    await shop.orders.place({ items: [lineOf(product)], idempotencyKey });
    const other = shop.orders.place({ items: [lineOf(product, 2)], idempotencyKey });
    await assertRefused(other, 'IDEMPOTENCY_KEY_REUSED', { idempotencyKey });
    await assertRefused(shop.cart.addItem({ ...lineOf(product), idempotencyKey }), 'IDEMPOTENCY_KEY_REUSED');
    assert.equal(await trial.stockOf(product), 9);
  },

  'a refusal is given again under its key, even when the call would succeed now': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 0 });
    const call = { items: [lineOf(product)], idempotencyKey: `key-${trial.word}` };
    const first = await assertRefused(shop.orders.place(call), 'STOCK_INSUFFICIENT');
    await trial.admin.products.adjustStock({ productId: product.id, delta: 5 });
    const second = await assertRefused(shop.orders.place(call), 'STOCK_INSUFFICIENT');
    assert.deepEqual([second.message, second.details], [first.message, first.details]);
    await shop.orders.place({ ...call, idempotencyKey: `another-${trial.word}` });
  },

  'two customers may use the same key': async (trial) => {
    const product = await trial.product();
    const call = { items: [lineOf(product)], idempotencyKey: `key-${trial.word}` };
    const ids = new Set<number>();
    for (const { shop } of await trial.customers(2)) ids.add((await shop.orders.place(call)).id);
    assert.equal(ids.size, 2);
    assert.equal(await trial.stockOf(product), 8);
  },

  'calls without a common key are calls of their own': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    for (let count = 0; count < 2; count++) await shop.orders.place({ items: [lineOf(product)] });
    assert.equal(await trial.stockOf(product), 8);
  },
});
