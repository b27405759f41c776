import { createTestEngine, type TestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, inject, onTestFinished, test } from 'vitest';
import { customerWith, productWith } from './shop-for-test.ts';

/** A shop in which a bit of everything has happened: order 1 is complete, order 2 waits, user 2 is still shopping. */
async function openUsedShop(): Promise<TestEngine> {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(), auditOnClose: false });
  onTestFinished(() => engine.close());
  const { shop } = await customerWith(engine, { points: 5_000 });
  const other = await customerWith(engine, { points: 100 });
  const tea = await productWith(engine, { price: 2_000 });
  const cup = await productWith(engine, { price: 1_000 });
  const coupon = await engine.admin.coupons.create({
    name: 'Five hundred off',
    discountType: 'FIXED',
    discountValue: 500,
    totalQuantity: 5,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  await other.shop.coupons.claim({ couponId: coupon.id });
  await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  await shop.cart.addItem({ productId: cup.id, quantity: 1 });
  await shop.orders.place({ userCouponId: held.id, points: 2_500 });
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await other.shop.cart.addItem({ productId: tea.id, quantity: 2 });
  return engine;
}

interface Corruption {
  what: string;
  sql: string;
  /** What is found, as `I1 table id`. */
  finds: string;
  /** A constraint that would not let it happen, as `table constraint`. */
  against?: string;
  /** A unique index that would not. */
  index?: string;
}

const EVENT = 'type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload, created_at, updated_at';

const CORRUPTIONS: Corruption[] = [
  {
    what: 'a balance that is one point too high',
    sql: 'update point_wallets set balance = balance + 1 where id = 1',
    finds: 'I1 point_wallets 1',
  },
  {
    what: 'an entry that was edited',
    sql: 'update point_entries set amount = amount + 1 where id = 1',
    finds: 'I1 point_wallets 1',
  },
  {
    what: 'an entry whose balance does not follow',
    sql: 'update point_entries set balance_after = balance_after + 1 where id = 1',
    finds: 'I1 point_entries 1',
  },
  {
    what: 'an entry that is gone',
    sql: "delete from point_entries where user_id = 2 and type = 'CHARGE'",
    finds: 'I1 point_wallets 2',
  },
  {
    what: 'a wallet that is gone',
    sql: 'delete from point_wallets where user_id = 2',
    finds: 'I1 users 2',
  },
  {
    what: 'a stock that is not its entries',
    sql: 'update stocks set quantity = quantity + 1 where product_id = 1',
    finds: 'I2 stocks 1',
  },
  {
    what: "a product that does not show its stock's quantity",
    sql: 'update products set quantity = quantity - 1 where id = 1',
    finds: 'I2 products 1',
  },
  {
    what: 'a stock entry that is gone',
    sql: "delete from stock_entries where product_id = 2 and reason = 'INITIAL'",
    finds: 'I2 stocks 2',
  },
  { what: 'a stock that is gone', sql: 'delete from stocks where product_id = 2', finds: 'I2 products 2' },
  {
    what: 'a coupon that counts one issue too many',
    sql: 'update coupons set issued_quantity = issued_quantity + 1',
    finds: 'I3 coupons 1',
  },
  {
    what: 'a coupon that counts one use too many',
    sql: 'update coupons set used_quantity = used_quantity + 1',
    finds: 'I3 coupons 1',
  },
  {
    what: 'more coupons issued than there are',
    sql: 'update coupons set total_quantity = 1',
    against: 'coupons coupons_issued_check',
    finds: 'I3 coupons 1',
  },
  {
    what: "a user's coupon that is gone",
    sql: 'delete from user_coupons where user_id = 2',
    finds: 'I3 coupons 1',
  },
  {
    what: 'a used coupon that does not know it',
    sql: 'update user_coupons set used_at = null, order_id = null where id = 1',
    finds: 'I3 coupons 1',
  },
  {
    what: 'an order whose total is not its lines',
    sql: 'update orders set total_amount = total_amount + 1 where id = 2',
    finds: 'I4 orders 2',
  },
  {
    what: 'a line whose price was changed',
    sql: 'update order_items set price = price + 1 where order_id = 1 and product_id = 2',
    finds: 'I4 orders 1',
  },
  {
    what: 'a discount above the total',
    sql: 'update orders set discount_amount = 9000 where id = 2',
    against: 'orders orders_discount_amount_check, orders orders_used_point_check',
    finds: 'I4 orders 2',
  },
  {
    what: "a line's share of the discount that does not sum up",
    sql: 'update order_items set discount_amount = discount_amount + 1 where order_id = 1 and product_id = 1',
    finds: 'I4 orders 1',
  },
  {
    what: "a line's share of the discount above what it costs",
    sql: 'update order_items set discount_amount = 1001 where id = 2',
    finds: 'I4 order_items 2',
  },
  {
    what: 'points used that the wallet did not give',
    sql: 'update orders set used_point = used_point - 1 where id = 1',
    finds: 'I4 orders 1',
  },
  {
    what: 'points taken for no order',
    sql: "update point_entries set order_id = null where type = 'USE'",
    finds: 'I4 orders 1',
  },
  {
    what: 'a payment of another amount',
    sql: 'update payments set amount = amount - 1 where order_id = 2',
    finds: 'I4 payments 2',
  },
  {
    what: 'a line with more pieces than the stock gave',
    sql: 'update order_items set quantity = quantity + 1 where id = 2',
    finds: 'I4 order_items 2',
  },
  {
    what: 'a complete order that nobody paid',
    sql: "update payments set status = 'FAILED' where order_id = 1",
    finds: 'I5 orders 1',
  },
  {
    what: 'a paid order that waits on',
    sql: "update payments set status = 'PAID' where order_id = 2",
    finds: 'I5 orders 2',
  },
  {
    what: 'an order that was paid twice',
    index: 'payments_one_paid_unique',
    sql: `insert into payments (id, order_id, amount, status, refunded_amount, version, created_at, updated_at)
      select 99, order_id, amount, status, 0, 1, created_at, updated_at from payments where order_id = 1`,
    finds: 'I5 orders 1',
  },
  {
    what: 'a second active cart',
    index: 'carts_one_active_unique',
    sql: `insert into carts (id, user_id, status, version, created_at, updated_at)
      select 99, 2, 'ACTIVE', 1, created_at, updated_at from carts where id = 1`,
    finds: 'I6 carts 99',
  },
  {
    what: 'an ordered cart that was changed',
    sql: 'update cart_items set quantity = 9 where cart_id = 1 and product_id = 1',
    finds: 'I6 carts 1',
  },
  {
    what: 'an ordered cart that lost a line',
    sql: 'delete from cart_items where cart_id = 1 and product_id = 1',
    finds: 'I6 carts 1',
  },
  {
    what: 'an ordered cart without an order',
    sql: 'update orders set cart_id = null where id = 1',
    finds: 'I6 carts 1',
  },
  {
    what: 'an order that no command placed',
    sql: "delete from outbox_events where aggregate_id = 2 and type = 'order.placed'",
    finds: 'I7 orders 2',
  },
  {
    what: 'a complete order of which nobody was told',
    sql: "delete from outbox_events where aggregate_id = 1 and type = 'order.completed'",
    finds: 'I8 orders 1',
  },
  {
    what: 'an event of an end that has not come',
    sql: `insert into outbox_events (id, ${EVENT}) select 99, ${EVENT.replace('aggregate_id', '2')}
      from outbox_events where type = 'order.completed'`,
    finds: 'I8 orders 2',
  },
  {
    what: 'an event that is told twice',
    index: 'outbox_events_once_an_order_unique',
    sql: `insert into outbox_events (id, ${EVENT}) select 99, ${EVENT} from outbox_events where type = 'order.completed'`,
    finds: 'I8 orders 1',
  },
  {
    what: 'a cancelled order of which nobody was told',
    sql: "update orders set status = 'CANCELLED', expires_at = null where id = 2",
    finds: 'I8 orders 2',
  },
  {
    what: 'a refunded order of which nobody was told',
    sql: "update orders set status = 'REFUNDED' where id = 1",
    finds: 'I8 orders 1',
  },
  {
    what: 'a day that counts a piece too many',
    sql: 'update daily_sales set quantity = quantity + 1 where product_id = 1',
    finds: 'I10 daily_sales 1',
  },
  {
    what: 'a day that counts a wrong amount',
    sql: 'update daily_sales set amount = amount - 1 where product_id = 2',
    finds: 'I10 daily_sales 2',
  },
  {
    what: 'sales on another day than they happened',
    sql: "update daily_sales set day = '2025-12-31' where product_id = 1",
    finds: 'I10 products 1',
  },
  { what: 'a day that is gone', sql: 'delete from daily_sales where product_id = 2', finds: 'I10 products 2' },
  {
    what: 'a product that counts a sale too many',
    sql: 'update products set sold_quantity = sold_quantity + 1 where id = 2',
    finds: 'I10 products 2',
  },
];

test('a shop in which a bit of everything has happened has right books', async () => {
  const engine = await openUsedShop();
  const audit = await engine.admin.audit.verify();
  expect(audit).toMatchObject({ clean: true, differences: [] });
  expect(audit.invariants.map(({ invariant }) => invariant)).toEqual(
    expect.arrayContaining(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I10']),
  );
  expect(audit.invariants.reduce((sum, { checks }) => sum + checks, 0)).toBe(audit.checks);
});

test.each(CORRUPTIONS)('the audit names the row of $what', async ({ sql, finds, against, index }) => {
  const engine = await openUsedShop();
  if (against) await liftChecks(engine, against);
  if (index) await engine.sql(`drop index ${index}`);
  await engine.sql(sql);
  const audit = await engine.audit();
  expect(audit.clean).toBe(false);
  expect(audit.differences.map(({ invariant, table, id }) => `${invariant} ${table} ${id}`)).toContain(finds);
  const [invariant] = finds.split(' ');
  expect(audit.invariants.find((each) => each.invariant === invariant)?.differences).toBeGreaterThan(0);
});

test('what went back counts off the day on which it was sold', async () => {
  const engine = await openUsedShop();
  const [line] = await engine.sql<{ share: number | string }>(
    'select discount_amount as share from order_items where order_id = 1 and product_id = 1',
  );
  const amount = 2_000 - Number(line?.share);
  await engine.sql(`insert into refunds (id, order_id, payment_id, amount, points, is_whole, status, version,
      created_at, updated_at)
    select 1, order_id, id, 0, ${amount}, ${inject('engine') === 'sqlite' ? 0 : 'false'}, 'COMPLETE', 1,
      created_at, updated_at from payments where order_id = 1`);
  await engine.sql(`insert into refund_items (id, refund_id, order_item_id, quantity, amount, created_at, updated_at)
    select 1, 1, id, 1, ${amount}, created_at, updated_at from order_items where order_id = 1 and product_id = 1`);
  const wrongSales = async () =>
    (await engine.audit()).differences.flatMap(({ invariant, table, id }) =>
      invariant === 'I10' ? [`${table} ${id}`] : [],
    );
  expect(await wrongSales()).toEqual(['daily_sales 1', 'products 1']);
  await engine.sql(`update daily_sales set quantity = 0, amount = 0 where product_id = 1`);
  await engine.sql(`update products set sold_quantity = 0 where id = 1`);
  expect(await wrongSales()).toEqual([]);
  const best = await engine.anonymous.products.bestSellers();
  expect(best.map(({ product }) => product.id)).toEqual([2]);
});

async function liftChecks(engine: TestEngine, constraints: string): Promise<void> {
  if (inject('engine') === 'sqlite') {
    await engine.sql('pragma ignore_check_constraints = on');
    return;
  }
  for (const each of constraints.split(', ')) {
    const [table, constraint] = each.split(' ');
    await engine.sql(`alter table ${table} drop constraint ${constraint}`);
  }
}

// Ids far apart and more than two pages of them: pages go by the ids that are there.
const MANY = 25_000;
const MANY_USERS = `
  with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})
  insert into users (id, name, created_at, updated_at)
  select numbers.n * 1000, 'Kim', one.created_at, one.updated_at from numbers, users one where one.id = 1`;

test('a wrong row is found behind any number of right ones', async () => {
  const engine = await openUsedShop();
  await engine.sql(MANY_USERS);
  await engine.sql(`insert into point_wallets (id, user_id, balance, version, created_at, updated_at)
    select id, id, 0, 1, created_at, updated_at from users where id >= 1000 and id < ${MANY * 1000}`);
  const { differences } = await engine.audit();
  expect(differences).toEqual([
    {
      invariant: 'I1',
      table: 'users',
      id: MANY * 1000,
      problem: 'The user has no wallet.',
      expected: null,
      found: null,
    },
  ]);
});

test('of a check that finds a great many rows a hundred are named', async () => {
  const engine = await openUsedShop();
  await engine.sql(MANY_USERS);
  const { clean, differences } = await engine.audit();
  expect(clean).toBe(false);
  expect(differences).toHaveLength(100);
});
