import { openDatabase } from '@baguni/db';
import type { PostgresServer } from '@baguni/testing/postgres';
import pg from 'pg';
import { CAP, ENTRIES_PER_SAVER, HOT_COUPONS, INITIAL_STOCK, PRODUCTS, SAVERS, USERS } from './size.ts';

/** Makes a shop with its tables, customers, coupons and full shelves, to be copied for each server. Ids count from 1. */
export async function createShop(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase();
  const database = await openDatabase(url);
  await database.migrate();
  await database.close();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // The shop opened an hour ago, its products one after the other.
  await client.query(`
    insert into users (name, created_at, updated_at)
    select 'Customer ' || n, now(), now() from generate_series(1, ${USERS}) as n;
    insert into point_wallets (user_id, balance, version, created_at, updated_at)
    select n, case when n <= ${SAVERS} then ${ENTRIES_PER_SAVER} * 100 else 0 end,
      case when n <= ${SAVERS} then ${ENTRIES_PER_SAVER + 1} else 1 end, now(), now()
    from generate_series(1, ${USERS}) as n;
    insert into point_entries (user_id, type, amount, balance_after, sequence, created_at, updated_at)
    select customer, 'CHARGE', 100, 100 * n, n, opened + n * interval '1 second', opened + n * interval '1 second'
    from generate_series(1, ${ENTRIES_PER_SAVER}) as n, generate_series(1, ${SAVERS}) as customer,
      (select now() - interval '1 hour' as opened) as shop order by n, customer;
    insert into products (name, description, price, quantity, status, search_text, sold_quantity, version, created_at, updated_at)
    select 'Product ' || n, 'As good as any other, and always there.', 1000 + n, ${INITIAL_STOCK}, 'ON_SALE',
      'product ' || n || E'\\nas good as any other, and always there.', 0, 1, added, added
    from generate_series(1, ${PRODUCTS}) as n, lateral (select now() - interval '1 hour' + n * interval '1 second' as added) as shop;
    insert into stocks (product_id, quantity, version, created_at, updated_at)
    select id, quantity, 1, now(), now() from products order by id;
    insert into stock_entries (product_id, reason, quantity, created_at, updated_at)
    select id, 'INITIAL', quantity, now(), now() from products order by id;
    insert into coupons (name, discount_type, discount_value, total_quantity, issued_quantity, used_quantity, version, created_at, updated_at)
    select 'Coupon ' || n, 'FIXED', 100, case n when 1 then 1 when 2 then ${CAP} else ${USERS} end,
      case n when 1 then 1 else 0 end, 0, 1, now(), now()
    from generate_series(1, ${2 + HOT_COUPONS}) as n;
    insert into user_coupons (user_id, coupon_id, issued_at, version, created_at, updated_at)
    values (1, 1, now(), 1, now(), now());
  `);
  await client.query('vacuum analyze');
  await client.end();
  return url;
}
