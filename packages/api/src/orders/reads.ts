import { branch, type Database, Order, OrderItem, Payment, payableAmountOf, type ReadWhere } from '@baguni/db';
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
    fetch: (after, limit) => loadOrders(database, { $and: [where, olderThan(after)] }, limit),
    position: ({ createdAt, id }) => ({ at: createdAt, id }),
    toItems: (orders) => orders,
  });
}

/** The newest of the orders that meet a condition, with their lines and payments as they are at one moment. */
export async function loadOrders(database: Database, where: ReadWhere<Order>, limit: number): Promise<OrderView[]> {
  const { root, ...found } = await database.readTree(
    Order,
    where,
    { orderBy: NEWEST_FIRST, limit },
    { items: branch(OrderItem, 'orderId'), payments: branch(Payment, 'orderId') },
  );
  const items = Map.groupBy(found.items, ({ orderId }) => orderId);
  const payments = Map.groupBy(found.payments, ({ orderId }) => orderId);
  return root.map((order) => {
    const payment = latestPayment(payments.get(order.id) ?? []);
    if (!payment) throw new Error(`Order ${order.id} has no payment.`);
    return toOrderView({ ...order, payableAmount: payableAmountOf(order) }, items.get(order.id) ?? [], payment);
  });
}
