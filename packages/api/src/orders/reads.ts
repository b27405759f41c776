import { type Database, Order, OrderItem, Payment, payableAmountOf, type ReadWhere, type Row } from '@baguni/db';
import { loadPage, NEWEST_FIRST, olderThan, type Page, type PageInput } from '../pages.ts';
import { latestPayment, toOrderView } from './rules.ts';
import type { OrderView } from './schema.ts';

/** A page of the orders that meet a condition, newest first. */
export async function loadOrderPage(
  database: Database,
  where: ReadWhere<Order>,
  page: PageInput,
): Promise<Page<OrderView>> {
  return loadPage(page, {
    fetch: (after, limit) =>
      database.read(Order, { $and: [where, olderThan(after)] }, { orderBy: NEWEST_FIRST, limit }),
    position: ({ createdAt, id }) => ({ at: createdAt, id }),
    toItems: (orders) => loadOrderViews(database, orders),
  });
}

/** Orders with their lines and payments, in two statements however many they are. */
export async function loadOrderViews(database: Database, orders: readonly Row<Order>[]): Promise<OrderView[]> {
  if (orders.length === 0) return [];
  const where = { orderId: { $in: orders.map(({ id }) => id) } };
  const options = { orderBy: { id: 'asc' } } as const;
  const items = Map.groupBy(await database.read(OrderItem, where, options), ({ orderId }) => orderId);
  const payments = Map.groupBy(await database.read(Payment, where, options), ({ orderId }) => orderId);
  return orders.map((order) => {
    const payment = latestPayment(payments.get(order.id) ?? []);
    if (!payment) throw new Error(`Order ${order.id} has no payment.`);
    return toOrderView({ ...order, payableAmount: payableAmountOf(order) }, items.get(order.id) ?? [], payment);
  });
}
