import { connectPostgres } from '@baguni/testing/postgres';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';

type Value = string | number | null;
type Fields = Record<string, Value>;

const NOW = 'now';

// One right row of each table; a wrong row differs from it by what is named.
const RIGHT: Record<string, Fields> = {
  users: { id: 1, name: 'Kim', external_id: 'kim' },
  point_wallets: { id: 1, user_id: 1, balance: 100, version: 1 },
  products: {
    id: 1,
    name: 'Tea',
    description: '',
    price: 100,
    quantity: 5,
    status: 'ON_SALE',
    search_text: 'tea',
    sold_quantity: 0,
    version: 1,
  },
  stocks: { id: 1, product_id: 1, quantity: 5, version: 1 },
  coupons: {
    id: 1,
    name: 'Welcome',
    discount_type: 'PERCENT',
    discount_value: 10,
    total_quantity: 5,
    issued_quantity: 1,
    used_quantity: 0,
    version: 1,
  },
  user_coupons: { id: 1, user_id: 1, coupon_id: 1, issued_at: NOW, used_at: null, order_id: null, version: 1 },
  carts: { id: 1, user_id: 1, status: 'ACTIVE', version: 1 },
  cart_items: { id: 1, cart_id: 1, product_id: 1, quantity: 1, price: 100 },
  orders: {
    id: 1,
    user_id: 1,
    cart_id: 1,
    user_coupon_id: 1,
    status: 'WAITING',
    total_amount: 100,
    discount_amount: 10,
    used_point: 20,
    expires_at: NOW,
    completed_at: null,
    version: 1,
  },
  order_items: {
    id: 1,
    order_id: 1,
    product_id: 1,
    product_name: 'Tea',
    description: '',
    price: 100,
    quantity: 1,
    discount_amount: 10,
    refunded_quantity: 0,
  },
  payments: {
    id: 1,
    order_id: 1,
    method: 'card',
    amount: 70,
    status: 'PAID',
    transaction_id: 't-1',
    refunded_amount: 0,
    version: 1,
  },
  point_entries: { id: 1, user_id: 1, type: 'CHARGE', amount: 100, balance_after: 100, sequence: 2, order_id: null },
  stock_entries: { id: 1, product_id: 1, reason: 'INITIAL', quantity: 5, order_id: null },
  outbox_events: {
    id: 1,
    type: 'order.completed',
    aggregate_type: 'order',
    aggregate_id: 1,
    aggregate_version: 1,
    schema_version: 1,
    payload: '{}',
  },
  idempotency_records: { principal: 'system', key: 'k', procedure: 'p', request_hash: 'h', answer: '{}' },
  api_keys: { id: 1, name: 'Back office', hash: 'a' },
};

// Makes a second row differ from the first wherever a table wants it to.
const SECOND: Record<string, Fields> = {
  users: { external_id: null },
  point_wallets: { user_id: 2 },
  stocks: { product_id: 2 },
  user_coupons: { user_id: 2 },
  carts: { user_id: 2 },
  cart_items: { product_id: 2 },
  order_items: { product_id: 2 },
  payments: { status: 'PENDING', transaction_id: 't-2' },
  point_entries: { sequence: 3 },
  outbox_events: { aggregate_id: 2 },
  idempotency_records: { key: 'k-2' },
  api_keys: { hash: 'b' },
};

interface Wrong {
  wrong: string;
  table: string;
  fields: Fields;
  /** What Postgres says; SQLite names no constraint of an enum and of a unique. */
  constraint: string;
  /** What SQLite says. */
  sqlite?: string;
}

const CHECKED: Wrong[] = [
  {
    wrong: 'a wallet below zero',
    table: 'point_wallets',
    fields: { balance: -1 },
    constraint: 'point_wallets_balance_check',
  },
  {
    wrong: 'a product at a negative price',
    table: 'products',
    fields: { price: -1 },
    constraint: 'products_price_check',
  },
  {
    wrong: 'a product with a negative quantity',
    table: 'products',
    fields: { quantity: -1 },
    constraint: 'products_quantity_check',
  },
  {
    wrong: 'a product of no known status',
    table: 'products',
    fields: { status: 'SOLD' },
    constraint: 'products_status_check',
    sqlite: 'status',
  },
  { wrong: 'a stock below zero', table: 'stocks', fields: { quantity: -1 }, constraint: 'stocks_quantity_check' },
  {
    wrong: 'a stock entry that moves nothing',
    table: 'stock_entries',
    fields: { quantity: 0 },
    constraint: 'stock_entries_quantity_check',
  },
  {
    wrong: 'a stock entry of no known reason',
    table: 'stock_entries',
    fields: { reason: 'LOST' },
    constraint: 'stock_entries_reason_check',
    sqlite: 'reason',
  },
  {
    wrong: 'a use of points that adds',
    table: 'point_entries',
    fields: { type: 'USE' },
    constraint: 'point_entries_sign_check',
  },
  {
    wrong: 'a charge of points that takes',
    table: 'point_entries',
    fields: { amount: -1 },
    constraint: 'point_entries_sign_check',
  },
  {
    wrong: 'a refund of no points',
    table: 'point_entries',
    fields: { type: 'REFUND', amount: 0 },
    constraint: 'point_entries_sign_check',
  },
  {
    wrong: 'a point entry that ends below zero',
    table: 'point_entries',
    fields: { balance_after: -1 },
    constraint: 'point_entries_balance_after_check',
  },
  {
    wrong: 'a point entry of no known type',
    table: 'point_entries',
    fields: { type: 'GIFT' },
    constraint: 'point_entries_type_check',
    sqlite: 'type',
  },
  {
    wrong: 'a coupon that takes nothing',
    table: 'coupons',
    fields: { discount_value: 0 },
    constraint: 'coupons_discount_check',
  },
  {
    wrong: 'a coupon of more than all',
    table: 'coupons',
    fields: { discount_value: 101 },
    constraint: 'coupons_discount_check',
  },
  {
    wrong: 'a coupon of no known type',
    table: 'coupons',
    fields: { discount_type: 'GIFT' },
    constraint: 'coupons_discount_type_check',
    sqlite: 'discount_type',
  },
  {
    wrong: 'a coupon issued more often than there are',
    table: 'coupons',
    fields: { issued_quantity: 6 },
    constraint: 'coupons_issued_check',
  },
  {
    wrong: 'a coupon issued less than never',
    table: 'coupons',
    fields: { issued_quantity: -1, used_quantity: -1 },
    constraint: 'coupons_issued_check',
  },
  {
    wrong: 'a coupon used more often than issued',
    table: 'coupons',
    fields: { used_quantity: 2 },
    constraint: 'coupons_used_check',
  },
  {
    wrong: 'a coupon used less than never',
    table: 'coupons',
    fields: { used_quantity: -1 },
    constraint: 'coupons_used_check',
  },
  {
    wrong: 'a used coupon without its order',
    table: 'user_coupons',
    fields: { used_at: NOW },
    constraint: 'user_coupons_used_check',
  },
  {
    wrong: 'an unused coupon with an order',
    table: 'user_coupons',
    fields: { order_id: 1 },
    constraint: 'user_coupons_used_check',
  },
  {
    wrong: 'a cart of no known status',
    table: 'carts',
    fields: { status: 'LOST' },
    constraint: 'carts_status_check',
    sqlite: 'status',
  },
  {
    wrong: 'a cart line of no pieces',
    table: 'cart_items',
    fields: { quantity: 0 },
    constraint: 'cart_items_quantity_check',
  },
  {
    wrong: 'a cart line at a negative price',
    table: 'cart_items',
    fields: { price: -1 },
    constraint: 'cart_items_price_check',
  },
  {
    wrong: 'an order of a negative total',
    table: 'orders',
    fields: { total_amount: -1, discount_amount: -1 },
    constraint: 'orders_total_amount_check|orders_discount_amount_check',
  },
  {
    wrong: 'an order with a negative discount',
    table: 'orders',
    fields: { discount_amount: -1 },
    constraint: 'orders_discount_amount_check',
  },
  {
    wrong: 'an order with more discount than total',
    table: 'orders',
    fields: { discount_amount: 101, used_point: 0 },
    constraint: 'orders_discount_amount_check|orders_used_point_check',
  },
  {
    wrong: 'an order with negative points',
    table: 'orders',
    fields: { used_point: -1 },
    constraint: 'orders_used_point_check',
  },
  {
    wrong: 'an order with more points than are left to pay',
    table: 'orders',
    fields: { used_point: 91 },
    constraint: 'orders_used_point_check',
  },
  {
    wrong: 'a waiting order without an end',
    table: 'orders',
    fields: { expires_at: null },
    constraint: 'orders_expires_at_check',
  },
  {
    wrong: 'a complete order that still expires',
    table: 'orders',
    fields: { status: 'COMPLETE', completed_at: NOW },
    constraint: 'orders_expires_at_check',
  },
  {
    wrong: 'an order of no known status',
    table: 'orders',
    fields: { status: 'LOST', expires_at: null },
    constraint: 'orders_status_check',
    sqlite: 'status',
  },
  {
    wrong: 'an order line at a negative price',
    table: 'order_items',
    fields: { price: -1 },
    constraint: 'order_items_price_check',
  },
  {
    wrong: 'an order line of no pieces',
    table: 'order_items',
    fields: { quantity: 0 },
    constraint: 'order_items_quantity_check',
  },
  {
    wrong: 'a payment of a negative amount',
    table: 'payments',
    fields: { amount: -1 },
    constraint: 'payments_amount_check',
  },
  {
    wrong: 'a payment of no known status',
    table: 'payments',
    fields: { status: 'LOST' },
    constraint: 'payments_status_check',
    sqlite: 'status',
  },
];

const UNIQUE: Wrong[] = [
  {
    wrong: 'two users of one external id',
    table: 'users',
    fields: { external_id: 'kim' },
    constraint: 'users_external_id_unique',
    sqlite: 'users.external_id',
  },
  {
    wrong: 'two wallets of one user',
    table: 'point_wallets',
    fields: { user_id: 1 },
    constraint: 'point_wallets_user_id_unique',
    sqlite: 'point_wallets.user_id',
  },
  {
    wrong: 'two stocks of one product',
    table: 'stocks',
    fields: { product_id: 1 },
    constraint: 'stocks_product_id_unique',
    sqlite: 'stocks.product_id',
  },
  {
    wrong: 'two point entries after one another at one place',
    table: 'point_entries',
    fields: { sequence: 2 },
    constraint: 'point_entries_user_id_sequence_unique',
    sqlite: 'point_entries.user_id, point_entries.sequence',
  },
  {
    wrong: 'one coupon twice for one user',
    table: 'user_coupons',
    fields: { user_id: 1 },
    constraint: 'user_coupons_user_id_coupon_id_unique',
    sqlite: 'user_coupons.user_id, user_coupons.coupon_id',
  },
  {
    wrong: 'two active carts of one user',
    table: 'carts',
    fields: { user_id: 1 },
    constraint: 'carts_one_active_unique',
    sqlite: 'carts.user_id',
  },
  {
    wrong: 'two lines of one product in a cart',
    table: 'cart_items',
    fields: { product_id: 1 },
    constraint: 'cart_items_cart_id_product_id_unique',
    sqlite: 'cart_items.cart_id, cart_items.product_id',
  },
  {
    wrong: 'two lines of one product in an order',
    table: 'order_items',
    fields: { product_id: 1 },
    constraint: 'order_items_order_id_product_id_unique',
    sqlite: 'order_items.order_id, order_items.product_id',
  },
  {
    wrong: 'two paid payments of one order',
    table: 'payments',
    fields: { status: 'PAID' },
    constraint: 'payments_one_paid_unique',
    sqlite: 'payments.order_id',
  },
  {
    wrong: 'one transaction paying twice',
    table: 'payments',
    fields: { transaction_id: 't-1' },
    constraint: 'payments_transaction_id_unique',
    sqlite: 'payments.transaction_id',
  },
  {
    wrong: 'an order completed twice',
    table: 'outbox_events',
    fields: { aggregate_id: 1 },
    constraint: 'outbox_events_once_an_order_unique',
    sqlite: 'outbox_events.aggregate_id, outbox_events.type',
  },
  {
    wrong: 'one key of one caller twice',
    table: 'idempotency_records',
    fields: { key: 'k' },
    constraint: 'idempotency_records_pkey',
    sqlite: 'idempotency_records.principal, idempotency_records.key',
  },
  {
    wrong: 'two API keys of one hash',
    table: 'api_keys',
    fields: { hash: 'a' },
    constraint: 'api_keys_hash_unique',
    sqlite: 'api_keys.hash',
  },
];

const ORPHANS = [
  { table: 'point_wallets', column: 'user_id' },
  { table: 'stocks', column: 'product_id' },
  { table: 'user_coupons', column: 'user_id' },
  { table: 'user_coupons', column: 'coupon_id' },
  { table: 'carts', column: 'user_id' },
  { table: 'cart_items', column: 'cart_id' },
  { table: 'cart_items', column: 'product_id' },
  { table: 'orders', column: 'user_id' },
  { table: 'orders', column: 'cart_id' },
  { table: 'orders', column: 'user_coupon_id' },
  { table: 'order_items', column: 'order_id' },
  { table: 'order_items', column: 'product_id' },
  { table: 'payments', column: 'order_id' },
  { table: 'point_entries', column: 'user_id' },
  { table: 'point_entries', column: 'order_id' },
  { table: 'stock_entries', column: 'product_id' },
  { table: 'stock_entries', column: 'order_id' },
];

const isSqlite = inject('engine') === 'sqlite';
let database: Database;

// One database for all: what these tests plant is refused, so nothing of it stays.
beforeAll(async () => {
  const server = isSqlite ? undefined : connectPostgres(inject('postgresUrl'));
  database = await openDatabase(server ? await server.createDatabase() : 'sqlite::memory:');
  await database.migrate();
  for (const [table, fields] of Object.entries(RIGHT)) await insert(table, fields);
  // A user and a product that nothing refers to.
  await plant('users', { id: 2 });
  await plant('products', { id: 2 });
  return async () => {
    await database.close();
    await server?.stop();
  };
});

test.for(CHECKED)('no table takes $wrong', async ({ table, fields, constraint, sqlite }) => {
  await expect(plant(table, fields)).rejects.toThrow(
    isSqlite
      ? new RegExp(`CHECK constraint failed: (${sqlite ?? constraint})$`)
      : new RegExp(`violates check constraint "(${constraint})"`),
  );
});

test.for(UNIQUE)('no table takes $wrong', async ({ table, fields, constraint, sqlite }) => {
  await expect(plant(table, fields)).rejects.toThrow(
    isSqlite
      ? new RegExp(`UNIQUE constraint failed: ${sqlite}$`)
      : `duplicate key value violates unique constraint "${constraint}"`,
  );
});

test.for(ORPHANS)('$table.$column names a row that is there', async ({ table, column }) => {
  const used = table === 'user_coupons' && column === 'order_id' ? { used_at: NOW } : {};

  await expect(plant(table, { ...used, [column]: 99 })).rejects.toThrow(/foreign key constraint/i);
});

test('a row that others name cannot go', async () => {
  for (const table of ['users', 'products', 'orders', 'carts', 'coupons', 'user_coupons']) {
    await expect(database.fork().execute(`delete from ${table} where id = 1`)).rejects.toThrow(
      /foreign key constraint/i,
    );
  }
});

test('a user may have any number of ordered carts, and users without an external id do not collide', async () => {
  await plant('carts', { id: 11, user_id: 1, status: 'ORDERED' });
  await plant('carts', { id: 12, user_id: 1, status: 'ORDERED' });
  await plant('users', { id: 11, external_id: null });
  await plant('users', { id: 12, external_id: null });
});

test.for([
  { table: 'products', column: 'price' },
  { table: 'point_wallets', column: 'balance' },
  { table: 'stocks', column: 'quantity' },
  { table: 'payments', column: 'amount' },
])('text is refused in $table.$column', async ({ table, column }) => {
  await expect(plant(table, { [column]: 'many' })).rejects.toThrow(
    /cannot store TEXT value in INTEGER column|invalid input syntax for type bigint/,
  );
});

/** A second row, which is right but for `fields`. */
async function plant(table: string, fields: Fields): Promise<void> {
  await insert(table, { ...RIGHT[table], id: 5, ...SECOND[table], ...fields });
}

async function insert(table: string, fields: Fields): Promise<void> {
  const meta = database.tables.find(({ tableName }) => tableName === table);
  const columns = meta?.props.flatMap(({ fieldNames }) => fieldNames) ?? [];
  const row: Fields = { created_at: NOW, updated_at: NOW, ...fields };
  const used = Object.keys(row).filter((column) => columns.includes(column));
  const values = used.map((column) => literal(row[column] ?? null));
  await database.fork().execute(`insert into ${table} (${used.map((column) => `"${column}"`)}) values (${values})`);
}

function literal(value: Value): string {
  if (value === null) return 'null';
  if (value === NOW) return isSqlite ? '0' : 'now()';
  return typeof value === 'number' ? String(value) : `'${value}'`;
}
