import type { TestEngine } from '@baguni/testing';
import { expect } from 'vitest';
import { customerWith, productWith } from './shop-for-test.ts';

/** A customer with an order of one piece that leaves something to pay, and the key of its payment at the provider. */
export async function waitingOrder(engine: TestEngine, { price = 3_000, quantity = 1 } = {}) {
  const { user, shop } = await customerWith(engine);
  const product = await productWith(engine, { price, stock: 1_000 });
  const order = await shop.orders.place({ items: [{ productId: product.id, quantity }] });
  return { user, shop, product, order, orderId: order.id, key: `payment-${order.payment.id}` };
}

/** Ends an order as its customer does. */
export async function endOrder(engine: TestEngine, orderId: number): Promise<void> {
  const { items } = await engine.admin.orders.search({ limit: 100 });
  const order = items.find(({ id }) => id === orderId);
  if (!order) throw new Error(`There is no order ${orderId}.`);
  await engine.customer({ id: order.userId }).orders.cancel({ orderId });
}

/** What the provider holds is what the shop says that it was paid, key by key. */
export async function expectLedgersAgree(engine: TestEngine): Promise<void> {
  const ours = await engine.sql<{ key: string; amount: number | string }>(`
    select 'payment-' || id as key, amount - refunded_amount as amount from payments
    where status in ('PAID', 'REFUNDED') and amount > refunded_amount
    union all
    select 'charge-' || id as key, amount from point_charges where status = 'PAID'`);
  const theirs = engine.provider.ledger.map(({ key }) => ({ key, amount: engine.provider.held(key) }));
  const inOrder = (rows: { key: string; amount: number | string }[]) =>
    rows.map(({ key, amount }) => `${key} ${Number(amount)}`).sort();
  expect(inOrder(theirs.filter(({ amount }) => amount > 0))).toEqual(inOrder(ours));
}

export async function eventTypes(engine: TestEngine): Promise<string[]> {
  return (await engine.sql<{ type: string }>('select type from outbox_events order by id')).map(({ type }) => type);
}
