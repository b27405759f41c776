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

/** Makes an order end as if its customer had given it up, with everything given back. */
export async function endOrder(engine: TestEngine, orderId: number): Promise<void> {
  await engine.sql(`
    insert into stock_entries (id, product_id, reason, quantity, order_id, created_at, updated_at)
    select 1000000 + item.id, item.product_id, 'CANCEL', item.quantity, item.order_id, item.created_at, item.updated_at
    from order_items item where item.order_id = ${orderId}`);
  for (const table of ['stocks', 'products']) {
    await engine.sql(`
      update ${table} set quantity = quantity + (select quantity from order_items where order_id = ${orderId})
      where ${table === 'stocks' ? 'product_id' : 'id'} = (select product_id from order_items where order_id = ${orderId})`);
  }
  await engine.sql(`
    insert into outbox_events (id, type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload, created_at, updated_at)
    select 1000000 + id, 'order.cancelled', aggregate_type, aggregate_id, 2, schema_version, payload, created_at, updated_at
    from outbox_events where type = 'order.placed' and aggregate_id = ${orderId}`);
  await engine.sql(`update orders set status = 'CANCELLED', expires_at = null where id = ${orderId}`);
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
