import pg from 'pg';
import { masked } from './masked.ts';

/** Tables with what a customer's call may change. */
const TABLES = [
  'carts',
  'cart_items',
  'coupons',
  'idempotency_records',
  'order_items',
  'orders',
  'outbox_events',
  'payments',
  'products',
  'stock_entries',
  'stocks',
  'user_coupons',
] as const;

/** Who is who does not depend on ids: rows are compared as a sorted list, ids and times masked. */
export async function changedRows(databaseUrl: string): Promise<Map<string, string[]>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const byTable = new Map<string, string[]>();
    for (const table of TABLES) {
      const { rows } = await client.query<Record<string, unknown>>(sqlFor(table));
      byTable.set(table, rows.map((row) => textOf(table, row)).sort());
    }
    return byTable;
  } finally {
    await client.end();
  }
}

function sqlFor(table: string): string {
  // What a server does for itself when it starts is no customer's.
  const where = table === 'idempotency_records' ? ` where principal like 'customer:%'` : '';
  return `select * from ${table}${where}`;
}

function textOf(table: string, row: Record<string, unknown>): string {
  switch (table) {
    // Each server keeps its answers in its own words, and names a request by a hash of its own.
    case 'idempotency_records':
      return JSON.stringify(masked({ ...row, answer: '', request_hash: '' }));
    // The ids of an order's events are the order's. When an event is published is a matter of moments.
    case 'outbox_events': {
      const isOrder = row.aggregate_type === 'order';
      return JSON.stringify(masked({ ...row, position: '', aggregate_id: isOrder ? '' : row.aggregate_id }));
    }
    default:
      return JSON.stringify(masked(row));
  }
}
