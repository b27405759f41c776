import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { payOrder } from './pay.ts';
import { couponWith, customerWith, productWith } from './shop-for-test.ts';

test('the audit names each row that says otherwise than what was given back', async () => {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(), auditOnClose: false });
  onTestFinished(() => engine.close());
  const { shop } = await customerWith(engine, { points: 10_000 });
  const tea = await productWith(engine, { stock: 100, price: 1_000 });
  const { id: userCouponId } = await shop.coupons.claim({ couponId: (await couponWith(engine)).id });
  const items = [{ productId: tea.id, quantity: 3 }];
  const cancelled = await shop.orders.place({ items, points: 500, userCouponId });
  await shop.orders.cancel({ orderId: cancelled.id });
  const refunded = await shop.orders.place({ items, points: 500 });
  await payOrder(engine.internals, refunded.id);
  const refund = await engine.admin.payments.refund({ orderId: refunded.id });
  const half = await shop.orders.place({ items, points: 500 });
  await payOrder(engine.internals, half.id);
  const part = await engine.admin.payments.refund({ orderId: half.id, items: [{ productId: tea.id, quantity: 1 }] });
  expect((await engine.audit()).differences).toEqual([]);

  const itemOf = async (orderId: number) => {
    const [item] = await engine.sql<{ id: number | string }>(`select id from order_items where order_id = ${orderId}`);
    return Number(item?.id);
  };
  const tamperings: { sql: string; invariant: string; table: string; id: number }[] = [
    {
      sql: `delete from stock_entries where reason = 'CANCEL'`,
      invariant: 'I9',
      table: 'order_items',
      id: await itemOf(cancelled.id),
    },
    {
      sql: `update stock_entries set quantity = 2 where reason = 'REFUND' and order_id = ${refunded.id}`,
      invariant: 'I9',
      table: 'order_items',
      id: await itemOf(refunded.id),
    },
    {
      sql: `update order_items set refunded_quantity = 2 where order_id = ${half.id}`,
      invariant: 'I9',
      table: 'order_items',
      id: await itemOf(half.id),
    },
    {
      sql: `delete from point_entries where type = 'REFUND' and order_id = ${cancelled.id}`,
      invariant: 'I9',
      table: 'orders',
      id: cancelled.id,
    },
    {
      sql: `update user_coupons set order_id = ${cancelled.id}, used_at = created_at where id = ${userCouponId}`,
      invariant: 'I9',
      table: 'orders',
      id: cancelled.id,
    },
    {
      sql: `update payments set refunded_amount = refunded_amount - 1 where id = ${half.payment.id}`,
      invariant: 'I9',
      table: 'payments',
      id: half.payment.id,
    },
    {
      sql: `update refunds set points = points + 1 where id = ${part.id}`,
      invariant: 'I9',
      table: 'refunds',
      id: part.id,
    },
    {
      sql: `update refunds set amount = amount - 1 where id = ${refund.id}`,
      invariant: 'I9',
      table: 'payments',
      id: refunded.payment.id,
    },
    {
      sql: `update payments set status = 'FAILED' where id = ${refunded.payment.id}`,
      invariant: 'I5',
      table: 'orders',
      id: refunded.id,
    },
  ];
  for (const { sql, ...difference } of tamperings) {
    const count = async () => {
      const { differences } = await engine.audit();
      const { invariant, table, id } = difference;
      return differences.filter((each) => each.invariant === invariant && each.table === table && each.id === id)
        .length;
    };
    const before = await count();
    await engine.sql(`${sql} returning id`);
    expect(await count(), sql).toBe(before + 1);
  }
});
