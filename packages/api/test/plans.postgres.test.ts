import { ORDER_STATUSES, Order, openDatabase } from '@baguni/db';
import { connectPostgres } from '@baguni/testing/postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { appRouter, type Shop, shopOn } from '../src/index.ts';
import { NEWEST_FIRST, olderThan } from '../src/pages.ts';
import { PRODUCT_SORTS } from '../src/products/schema.ts';

const ORDERS = 100_000;
const USERS = 2_000;
const PRODUCTS = 20_000;
const NOW = new Date('2026-06-01T00:00:00.000Z');

// A shop of half a year: an order every two and a half minutes, of two lines each.
const ROWS = [
  `insert into users (id, name, created_at, updated_at)
    select n, 'User ' || n, now(), now() from generate_series(1, ${USERS}) n`,
  `insert into products (id, name, description, price, quantity, status, search_text, sold_quantity, version,
      created_at, updated_at)
    select n, 'Product ' || n, '', (n * 7919) % 100000, n % 50, case when n % 10 = 0 then 'HIDDEN' else 'ON_SALE' end,
      'product ' || n, (n * 104729) % 5000, 1, timestamptz '2025-01-01' + n * interval '1 minute', now()
    from generate_series(1, ${PRODUCTS}) n`,
  `insert into orders (id, user_id, status, total_amount, discount_amount, used_point, expires_at, completed_at, version,
      created_at, updated_at)
    select n, 1 + (n * 31 + n / 7) % ${USERS}, status, 3000, 0, 0,
      case when status = 'WAITING' then at + interval '15 minutes' end,
      case when status in ('COMPLETE', 'REFUNDED') then at end, 1, at, at
    from (
      select n, timestamptz '2025-12-01' + n * interval '150 seconds' as at,
        case when n % 100 = 0 then 'WAITING' when n % 20 = 1 then 'CANCELLED' when n % 50 = 2 then 'REFUNDED'
          else 'COMPLETE' end as status
      from generate_series(1, ${ORDERS}) n) placed`,
  `insert into order_items (id, order_id, product_id, product_name, description, price, quantity, discount_amount,
      refunded_quantity, created_at, updated_at)
    select n, 1 + (n - 1) / 2, 1 + (n * 17) % ${PRODUCTS}, 'Product', '', 1500, 1, 0, 0, now(), now()
    from generate_series(1, ${2 * ORDERS}) n`,
  `insert into payments (id, order_id, method, amount, status, refunded_amount, version, created_at, updated_at)
    select id, id, 'test', 3000, case status when 'COMPLETE' then 'PAID' when 'REFUNDED' then 'REFUNDED'
      when 'WAITING' then 'PENDING' else 'FAILED' end, 0, 1, created_at, created_at from orders`,
  `insert into daily_sales (day, product_id, quantity, amount, created_at, updated_at)
    select to_char(date '2026-06-01' - day, 'YYYY-MM-DD'), product * 7, 1 + (product * day) % 9, 1500, now(), now()
    from generate_series(0, 179) day, generate_series(1, 1000) product`,
  // Every user has an active cart, and fifty that became orders, each of three lines.
  `insert into carts (id, user_id, status, version, created_at, updated_at)
    select n, 1 + n % ${USERS}, case when n < ${USERS} then 'ACTIVE' else 'ORDERED' end, 1, now(), now()
    from generate_series(0, ${51 * USERS - 1}) n`,
  `insert into cart_items (id, cart_id, product_id, quantity, price, created_at, updated_at)
    select 3 * cart + line, cart, 1 + (cart * 17 + line) % ${PRODUCTS}, 1, 1500, now(), now()
    from generate_series(0, ${51 * USERS - 1}) cart, generate_series(1, 3) line`,
  `insert into stocks (id, product_id, quantity, version, created_at, updated_at)
    select id, id, quantity, 1, now(), now() from products`,
  `insert into idempotency_records (principal, "key", procedure, request_hash, answer, created_at)
    select 'user:' || n % ${USERS}, 'key-' || n, 'orders.place', '', '{}', now() from generate_series(1, ${ORDERS}) n`,
  'analyze',
];

let shop: Shop;
/** Every statement that the shop has sent. */
const sent: { sql: string; parameters: readonly unknown[] }[] = [];
let disconnect: () => Promise<void>;

beforeAll(async () => {
  const server = connectPostgres(inject('postgresUrl'));
  const database = await openDatabase(await server.createDatabase(), {
    interceptor: (statement) => {
      sent.push(statement);
      return statement.send();
    },
  });
  await database.migrate();
  shop = shopOn(database, {
    tokens: { secret: 'no customer of this test has a token' },
    clock: () => NOW,
  });
  disconnect = async () => {
    await shop.close();
    await server.stop();
  };
  for (const statement of ROWS) await shop.read().execute(statement);
  // The rows have ids that the sequences have not given.
  for (const table of ['carts', 'cart_items', 'orders', 'order_items', 'payments']) {
    await shop.read().execute(`select setval('${table}_id_seq', (select max(id) from ${table}))`);
  }
});

afterAll(() => disconnect());

/** What has no plan. */
const NO_QUERIES = ['begin', 'commit', 'rollback'];

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** The tables that Postgres reads row by row for what a call really sends. */
async function scannedBy(call: () => PromiseLike<unknown>): Promise<string[]> {
  const first = sent.length;
  await call();
  const ofCall = sent.slice(first).filter(({ sql }) => !NO_QUERIES.includes(sql));
  expect(ofCall.length).toBeGreaterThan(0);
  const scanned = [];
  for (const { sql, parameters } of ofCall) scanned.push(...scansOf(await planOf(sql, parameters)));
  return scanned;
}

async function planOf(sql: string, parameters: readonly unknown[]): Promise<Plan> {
  const query = `explain (format json) ${sql.replaceAll(/\$\d+/g, '?')}`;
  // Of a list the ORM would make several parameters.
  const values = parameters.map((value) => (Array.isArray(value) ? `{${value.join()}}` : value));
  const [row] = await shop.read().execute<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(query, values);
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  if (!plan) throw new Error(`There is no plan of ${sql}`);
  return plan;
}

function scansOf(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? '?'] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

describe('with a hundred thousand orders', () => {
  test('a customer reads their orders from indexes, first page and later ones', async () => {
    const { orders } = appRouter.createCaller({ shop, actor: { kind: 'customer', userId: 32 }, requestId: 'test' });
    const { nextCursor, items } = await orders.list({ limit: 10 });
    expect(items).toHaveLength(10);
    expect(await scannedBy(() => orders.list())).toEqual([]);
    expect(await scannedBy(() => orders.list({ limit: 100, cursor: String(nextCursor) }))).toEqual([]);
    expect(await scannedBy(() => orders.get({ orderId: items[0]?.id ?? 0 }))).toEqual([]);
  });

  test.each([
    { what: 'all of them', where: {} },
    ...ORDER_STATUSES.map((status) => ({ what: `those that are ${status}`, where: { status } })),
    { what: "a user's", where: { userId: 32 } },
    { what: "a user's complete ones", where: { userId: 32, status: 'COMPLETE' } },
    { what: 'those of a day', where: { createdAt: { $gte: day(31), $lt: day(32) } } },
    { what: 'the waiting ones of a week', where: { status: 'WAITING', createdAt: { $gte: day(31), $lt: day(38) } } },
    { what: "a user's of a month", where: { userId: 32, createdAt: { $gte: day(31), $lt: day(61) } } },
  ] as const)('orders are searched by index: $what', async ({ where }) => {
    const find = (after?: { at: Date; id: number }) =>
      shop.database.read(Order, { $and: [where, olderThan(after)] }, { orderBy: NEWEST_FIRST, limit: 101 });
    expect(await find()).not.toEqual([]);
    expect(await scannedBy(() => find())).toEqual([]);
    expect(await scannedBy(() => find({ at: day(33), id: 50_000 }))).toEqual([]);
  });

  test.each(PRODUCT_SORTS)('products are listed from an index, first page and later ones: %s', async (sort) => {
    const { products } = appRouter.createCaller({ shop, actor: { kind: 'public' }, requestId: 'test' });
    const { nextCursor } = await products.list({ sort, limit: 100 });
    const cursor = String(nextCursor);
    expect(await scannedBy(() => products.list({ sort }))).toEqual([]);
    expect(await scannedBy(() => products.list({ sort, cursor, limit: 100 }))).toEqual([]);
    expect(await scannedBy(() => products.list({ sort, cursor, minPrice: 1_000, inStock: true }))).toEqual([]);
  });

  test('best sellers are summed from an index over days, without orders or their lines', async () => {
    const { products } = appRouter.createCaller({ shop, actor: { kind: 'public' }, requestId: 'test' });
    expect(await products.bestSellers()).toHaveLength(5);
    for (const days of [1, 3, 7]) {
      const scanned = await scannedBy(() => products.bestSellers({ days }));
      expect(scanned.filter((table) => table !== 'products')).toEqual([]);
    }
    const scanned = await scannedBy(() => products.bestSellers({ days: 90, limit: 100 }));
    expect(scanned).not.toContain('orders');
    expect(scanned).not.toContain('order_items');
  });

  test('a cart is filled and ordered by way of indexes, also where one row names the next', async () => {
    const { cart, orders } = appRouter.createCaller({
      shop,
      actor: { kind: 'customer', userId: 31 },
      requestId: 'test',
    });
    const { items } = await cart.addItem({ productId: 31, quantity: 1 });
    expect(items).toHaveLength(4);
    expect(await scannedBy(() => cart.addItem({ productId: 31, quantity: 1 }))).toEqual([]);
    expect(await scannedBy(() => cart.get())).toEqual([]);
    expect(await scannedBy(() => cart.setQuantity({ productId: 31, quantity: 0 }))).toEqual([]);
    expect(await scannedBy(() => orders.place({}))).toEqual([]);
  });

  test('a query without an index is noticed', async () => {
    expect(await scannedBy(() => shop.read().find(Order, { totalAmount: 1 }))).toEqual(['orders']);
  });
});

/** The beginning of a day of the half year, counted from the first of December. */
function day(number: number): Date {
  return new Date(Date.UTC(2025, 11, number));
}
