import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith } from './shop-for-test.ts';

const ORDERS = 100_000;
const TABLES = ['orders', 'order_items', 'payments'];

test('among a hundred thousand orders a page of any list or search is read from indexes', async () => {
  const engine = await openTestShop();
  const users = await Promise.all(Array.from({ length: 20 }, () => customerWith(engine)));
  const [first] = users;
  const tea = await productWith(engine, { stock: ORDERS, price: 100 });
  if (!first) throw new Error('There is a customer.');
  const model = await first.shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await copyOrder(engine, model.id, ORDERS);

  const at = new Date(model.createdAt.getTime() + 5_000_000);
  const { admin } = engine;
  const firstPage = await admin.orders.search({ status: 'WAITING', limit: 20 });
  const deep = { createdTo: at, limit: 20 };
  const deeper = await admin.orders.search(deep);
  const reads: [string, () => PromiseLike<{ items: unknown[] }>][] = [
    ['all orders', () => admin.orders.search()],
    ['by user', () => admin.orders.search({ userId: first.user.id })],
    ['by state', () => admin.orders.search({ status: 'WAITING' })],
    ['by user and state', () => admin.orders.search({ userId: first.user.id, status: 'WAITING' })],
    ['by time', () => admin.orders.search({ createdFrom: model.createdAt, createdTo: at })],
    ['the next page by state', () => admin.orders.search({ status: 'WAITING', cursor: String(firstPage.nextCursor) })],
    ['a page far in', () => admin.orders.search({ ...deep, cursor: String(deeper.nextCursor) })],
    ["a customer's own", () => first.shop.orders.list()],
  ];
  for (const [label, read] of reads) {
    // What the server was asked five times it may plan once more, for all values.
    for (let time = 0; time < 6; time++) await read();
    const before = await scansOf(engine);
    expect((await read()).items, label).toHaveLength(20);
    const after = await scansOf(engine);
    expect(after.sequential - before.sequential, label).toBe(0);
    // A page of twenty orders with their lines and payments, not the way to it.
    expect(after.rows - before.rows, label).toBeGreaterThanOrEqual(60);
    expect(after.rows - before.rows, label).toBeLessThan(200);
  }
});

/** Copies of a waiting order, some seconds apart, over twenty customers; the books stay right. */
async function copyOrder(engine: TestEngine, modelId: number, count: number): Promise<void> {
  const from = `from generate_series(1, ${count - 1}) as copy`;
  const columns = async (table: string) => {
    const rows = await engine.sql<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = '${table}' order by ordinal_position`,
    );
    return rows.map(({ name }) => name);
  };
  const copyTable = async (table: string, idColumn: string, changed: Record<string, string>) => {
    const names = await columns(table);
    const values = names.map((name) => changed[name] ?? `model.${name}`);
    await engine.sql(`insert into ${table} (${names.join()}) select ${values.join()} ${from},
      (select * from ${table} where ${idColumn} = ${modelId} order by id limit 1) as model`);
  };
  const orderId = `model.order_id + 1000000 + copy`;
  const later = `model.created_at + copy * interval '1 second' * 100`;
  const times = { id: 'model.id + 1000000 + copy', created_at: later, updated_at: later };
  await copyTable('orders', 'id', { ...times, user_id: '1 + copy % 20' });
  await copyTable('order_items', 'order_id', { ...times, order_id: orderId });
  await copyTable('payments', 'order_id', { ...times, order_id: orderId });
  await copyTable('stock_entries', 'order_id', { ...times, order_id: orderId });
  await copyTable('outbox_events', 'aggregate_id', { ...times, aggregate_id: 'model.aggregate_id + 1000000 + copy' });
  await engine.sql(`update stocks set quantity = quantity - ${count - 1}`);
  await engine.sql(`update products set quantity = quantity - ${count - 1}`);
  await engine.sql('analyze');
}

async function scansOf(engine: TestEngine): Promise<{ sequential: number; rows: number }> {
  // The server counts what a session did when the session says so, or later.
  await engine.sql('select pg_stat_force_next_flush()');
  const [scans] = await engine.sql<{ sequential: string; rows: string }>(`
    select sum(seq_scan) as sequential, sum(idx_tup_fetch) as rows from pg_stat_user_tables
    where relname in (${TABLES.map((table) => `'${table}'`).join()})`);
  return { sequential: Number(scans?.sequential), rows: Number(scans?.rows) };
}
