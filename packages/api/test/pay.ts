import { command, DailySale, dayOf, Order, OrderItem, Payment, Product } from '@baguni/db';
import type { Shop } from '../src/index.ts';

/** Pays an order as if a provider had collected the money, so that a test of something else has a paid order. */
export async function payOrder(shop: Shop, orderId: number): Promise<void> {
  await shop.unitOfWork.execute(markPaid, { input: { orderId }, actor: { kind: 'system' } });
}

/** Lets a provider know of an order's payment, as the moment before it answers. */
export async function startPayment(shop: Shop, orderId: number): Promise<void> {
  await shop.unitOfWork.execute(markStarted, { input: { orderId }, actor: { kind: 'system' } });
}

const markPaid = command({
  name: 'test.pay',
  async load(rows, { orderId }: { orderId: number }) {
    const items = rows.findAll(OrderItem, { orderId });
    const productId = (await items).map((item) => item.productId);
    return {
      order: rows.lock(Order, { id: orderId }),
      items,
      payment: rows.lock(Payment, { orderId, status: 'PENDING' }),
      products: rows.lockAll(Product, { id: productId }),
      sales: rows.lockAll(DailySale, { day: dayOf(rows.now, rows.settings.timeZone), productId }),
    };
  },
  decide({ order, items, payment, products, sales }, { orderId }, changes) {
    if (order?.status !== 'WAITING' || !payment) throw new Error(`Order ${orderId} is not waiting to be paid.`);
    order.status = 'COMPLETE';
    order.expiresAt = null;
    order.completedAt = changes.now;
    order.version += 1;
    payment.status = 'PAID';
    payment.method = 'test';
    payment.transactionId = `test-${payment.id}`;
    payment.version += 1;
    const day = dayOf(changes.now, changes.settings.timeZone);
    for (const { productId, quantity, price, discountAmount } of items) {
      const product = products.find(({ id }) => id === productId);
      if (!product) throw new Error(`There is no product ${productId}.`);
      DailySale.count({ day, quantity, amount: price * quantity - discountAmount }, sales, product, changes);
    }
    const { userId, totalAmount, discountAmount, usedPoint, payableAmount } = order;
    changes.emit({
      type: 'order.completed',
      aggregateType: 'order',
      aggregateId: orderId,
      aggregateVersion: order.version,
      payload: { orderId, userId, totalAmount, discountAmount, usedPoint, payableAmount },
    });
    return {};
  },
});

const markStarted = command({
  name: 'test.startPayment',
  load: (rows, { orderId }: { orderId: number }) => ({ payment: rows.lock(Payment, { orderId, status: 'PENDING' }) }),
  decide({ payment }, { orderId }, changes) {
    if (!payment) throw new Error(`Order ${orderId} has no payment to start.`);
    payment.method = 'test';
    payment.startedAt = changes.now;
    payment.version += 1;
    return {};
  },
});
