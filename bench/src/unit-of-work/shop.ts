import { openDatabase } from '@baguni/db';
import type { PostgresServer } from '@baguni/testing/postgres';
import pg from 'pg';

export const PRODUCTS = 500;
export const USERS = 256;
/** More than any run can sell. */
export const INITIAL_STOCK = 1_000_000_000;

/** Makes a shop with its tables, customers and full shelves, to be copied for each contender. Ids count from 1. */
export async function createShop(server: PostgresServer): Promise<string> {
  const url = await server.createDatabase();
  const database = await openDatabase(url);
  await database.migrate();
  await database.close();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    insert into users (name, created_at, updated_at)
    select 'Customer ' || n, now(), now() from generate_series(1, ${USERS}) as n;
    insert into point_wallets (user_id, balance, version, created_at, updated_at)
    select id, 0, 1, now(), now() from users order by id;
    insert into products (name, description, price, quantity, status, search_text, sold_quantity, version, created_at, updated_at)
    select 'Product ' || n, 'As good as any other, and always there.', 1000 + n, ${INITIAL_STOCK}, 'ON_SALE', 'product', 0, 1, now(), now()
    from generate_series(1, ${PRODUCTS}) as n;
    insert into stocks (product_id, quantity, version, created_at, updated_at)
    select id, quantity, 1, now(), now() from products order by id;
    insert into stock_entries (product_id, reason, quantity, created_at, updated_at)
    select id, 'INITIAL', quantity, now(), now() from products order by id;
  `);
  await client.query('vacuum analyze');
  await client.end();
  return url;
}
