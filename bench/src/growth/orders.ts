import pg from 'pg';
import { LISTING_CUSTOMERS, PRODUCTS, USERS } from '../shop/size.ts';

/** What each customer has ordered at least: more than a page, so that a page is as long in a small shop as in a large one. */
const ORDERS_EACH_MIN = 25;

/** How many customers share so many orders. The first of them are there in the smallest shop too. */
export function customersOf(orders: number): number {
  return Math.min(USERS, Math.max(LISTING_CUSTOMERS, Math.floor(orders / ORDERS_EACH_MIN)));
}

/** Fills a shop with paid orders of one piece each, one every ten seconds up to now, with all that belongs to them. */
export async function addOrders(databaseUrl: string, count: number, timeZone: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Every row is made from rows that are there, so nobody has to look for each reference again: that takes a third longer.
    await client.query('set session_replication_role = replica');
    await client.query(`
    create temporary table placed as
    select n as id, 1 + n % ${customersOf(count)} as user_id, 1 + (n::bigint * 7919) % ${PRODUCTS} as product_id,
      now() - (${count} - n) * interval '10 seconds' as placed_at
    from generate_series(1, ${count}) as n;
    analyze placed;
    insert into orders (id, user_id, status, total_amount, discount_amount, used_point, completed_at, version, created_at, updated_at)
    select placed.id, user_id, 'COMPLETE', price, 0, 0, placed_at, 2, placed_at, placed_at
    from placed join products on products.id = product_id order by placed.id;
    insert into order_items (order_id, product_id, product_name, description, price, quantity, discount_amount, refunded_quantity, created_at, updated_at)
    select placed.id, product_id, name, description, price, 1, 0, 0, placed_at, placed_at
    from placed join products on products.id = product_id order by placed.id;
    insert into payments (order_id, method, amount, status, transaction_id, refunded_amount, version, created_at, updated_at)
    select placed.id, 'test', price, 'PAID', 'paid-' || placed.id, 0, 2, placed_at, placed_at
    from placed join products on products.id = product_id order by placed.id;
    insert into stock_entries (product_id, reason, quantity, order_id, created_at, updated_at)
    select product_id, 'ORDER', -1, id, placed_at, placed_at from placed order by id;
    insert into outbox_events (type, aggregate_type, aggregate_id, aggregate_version, schema_version, position, payload, created_at, updated_at)
    select told.type, 'order', placed.id, told.version, 1, 2 * placed.id + told.version - 2,
      jsonb_build_object('orderId', placed.id, 'userId', user_id, 'totalAmount', price, 'discountAmount', 0, 'usedPoint', 0, 'payableAmount', price),
      placed_at, placed_at
    from placed join products on products.id = product_id,
      (values ('order.placed', 1), ('order.completed', 2)) as told(type, version) order by placed.id, told.version;
    insert into idempotency_records (principal, "key", procedure, request_hash, answer, created_at)
    select 'customer:' || user_id, 'order-' || id, 'orders.place', md5(id::text), '{"json":{"answer":{}}}', placed_at from placed;
    insert into daily_sales (day, product_id, quantity, amount, created_at, updated_at)
    select to_char(placed_at at time zone '${timeZone}', 'YYYY-MM-DD'), product_id, count(*), sum(price), max(placed_at), max(placed_at)
    from placed join products on products.id = product_id group by 1, 2 order by 1, 2;
    with sold as (select product_id, count(*) as pieces from placed group by product_id),
      taken as (
        update stocks set quantity = quantity - pieces, version = version + pieces from sold
        where stocks.product_id = sold.product_id
      )
    update products set quantity = quantity - pieces, sold_quantity = pieces, version = version + 2 * pieces
    from sold where products.id = sold.product_id;
    select setval('orders_id_seq', (select max(id) from orders));
  `);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
