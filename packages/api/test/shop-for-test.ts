import { createTestEngine, type TestEngine, type TestEngineOptions } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { onTestFinished } from 'vitest';

/** An engine of the test's own, on the database that the test's project names. Its books must be right at the end. */
export async function openTestShop(options: Omit<TestEngineOptions, 'databaseUrl'> = {}): Promise<TestEngine> {
  const engine = await createTestEngine({ ...options, databaseUrl: await freshDatabaseUrl() });
  onTestFinished(() => engine.close());
  // To read the events fails for one whose payload is not what its type promises.
  onTestFinished(async () => void (await engine.events.all()));
  return engine;
}

/** A customer with points in the wallet. */
export async function customerWith(engine: TestEngine, { points = 0 }: { points?: number } = {}) {
  const user = await engine.admin.users.create({ name: 'Kim Minji' });
  if (points > 0) await engine.admin.points.charge({ userId: user.id, amount: points });
  return { user, shop: engine.customer(user) };
}

/** A product on sale. */
export async function productWith(engine: TestEngine, { stock = 10, price = 1_000 } = {}) {
  return engine.admin.products.create({ name: 'Jeju tangerines', price, quantity: stock });
}

/** A coupon of ten percent. */
export async function couponWith(engine: TestEngine, limits: { minOrderAmount?: number; expiresAt?: Date } = {}) {
  const coupon = { name: 'Ten percent', discountType: 'PERCENT', discountValue: 10, totalQuantity: 10 } as const;
  return engine.admin.coupons.create({ ...coupon, ...limits });
}

/** The reason for which a call is refused. A call that is not refused fails the test. */
export async function refusal(
  call: PromiseLike<unknown>,
): Promise<{ reason: string; details: unknown; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'reason' in error && 'details' in error) {
      return { reason: String(error.reason), details: error.details, message: error.message };
    }
    throw error;
  }
  throw new Error('The call was not refused.');
}

/** Every row of the tables that a refused call could have touched. */
export async function stateOf(engine: TestEngine): Promise<unknown> {
  const tables = [
    'users',
    'point_wallets',
    'point_entries',
    'products',
    'stocks',
    'stock_entries',
    'coupons',
    'user_coupons',
    'carts',
    'cart_items',
    'orders',
    'order_items',
    'payments',
    'refund_items',
    'daily_sales',
    'point_charges',
    'provider_webhooks',
    'refunds',
    'outbox_events',
  ];
  const rows = await Promise.all(
    tables.map(async (table) => [table, await engine.sql(`select * from ${table} order by id`)]),
  );
  return Object.fromEntries(rows);
}
