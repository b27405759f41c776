import { type EntityManager, type Order, OrderItem, Payment } from '@baguni/db';
import { latestPayment, toOrderView } from './rules.ts';
import type { OrderView } from './schema.ts';

/** Orders with their lines and payments, in two queries however many they are. */
export async function loadOrderViews(em: EntityManager, orders: readonly Order[]): Promise<OrderView[]> {
  const where = { orderId: { $in: orders.map(({ id }) => id) } };
  const options = { orderBy: { id: 'asc' }, disableIdentityMap: true } as const;
  const items = Map.groupBy(await em.find(OrderItem, where, options), ({ orderId }) => orderId);
  const payments = Map.groupBy(await em.find(Payment, where, options), ({ orderId }) => orderId);
  return orders.map((order) => {
    const payment = latestPayment(payments.get(order.id) ?? []);
    if (!payment) throw new Error(`Order ${order.id} has no payment.`);
    return toOrderView(order, items.get(order.id) ?? [], payment);
  });
}
