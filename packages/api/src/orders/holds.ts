import {
  type Changes,
  Coupon,
  type Loaded,
  Order,
  OrderItem,
  Payment,
  type Pending,
  PointWallet,
  Product,
  type Rows,
  Stock,
  UserCoupon,
  type Where,
} from '@baguni/db';
import { giveBack, latestPayment, toOrderView } from './rules.ts';
import type { OrderView } from './schema.ts';

/** An order and everything that changes when it gives back what it holds. Only the order, if there is none. */
type HoldRows = {
  order: Pending<Order | undefined>;
  wallet?: Pending<PointWallet | undefined> | undefined;
  items?: Pending<OrderItem[]>;
  payments?: Pending<Payment[]>;
  coupon?: Pending<Coupon | undefined> | undefined;
  held?: Pending<UserCoupon | undefined> | undefined;
  stocks?: Pending<Stock[]>;
  products?: Pending<Product[]>;
};

export async function loadHold(rows: Rows, which: Where<Order>): Promise<HoldRows> {
  const order = rows.find(Order, which);
  const found = await lastingOf(order);
  if (!found) {
    // Goes by its absence: if it is placed meanwhile, this runs again.
    await order;
    return { order };
  }
  const { id: orderId, userId, usedPoint, userCouponId } = found;
  const items = rows.findAll(OrderItem, { orderId });
  const productId = (await lastingOf(items)).map((item) => item.productId);
  const held = userCouponId == null ? undefined : await lastingOf(rows.find(UserCoupon, { id: userCouponId }));
  return {
    wallet: usedPoint > 0 ? rows.lock(PointWallet, { userId }) : undefined,
    order: rows.lock(Order, which),
    items,
    payments: rows.lockAll(Payment, { orderId }),
    coupon: held && rows.lock(Coupon, { id: held.couponId }),
    held: held && rows.lock(UserCoupon, { id: held.id }),
    stocks: rows.lockAll(Stock, { productId }),
    products: rows.lockAll(Product, { id: productId }),
  };
}

// What an order took never changes, so it may be read before anything is locked, as the lock order wants. Its status may
// change meanwhile; the load does not go by that, so it need not run again, and many sweeps at once disturb nobody.
async function lastingOf<Value>(rows: Pending<Value>): Promise<Value> {
  await rows.arrival();
  return rows.current();
}

/** Ends a WAITING order and gives back all that it held. */
export function releaseHold(
  order: Order,
  { items = [], payments = [], ...sources }: Loaded<HoldRows>,
  reason: 'customer' | 'expired',
  changes: Changes,
): OrderView {
  const latest = latestPayment(payments);
  if (!latest) throw new Error(`Order ${order.id} has no payment.`);
  giveBack(order, { reason: 'CANCEL', lines: items, points: order.usedPoint, hasCoupon: true }, sources, changes);
  for (const payment of payments) payment.cancel(changes.now);
  order.cancel(changes.now);

  const { id: orderId, userId, totalAmount, discountAmount, usedPoint, payableAmount } = order;
  changes.emit({
    type: 'order.cancelled',
    aggregateType: 'order',
    aggregateId: orderId,
    aggregateVersion: order.version,
    payload: { orderId, userId, totalAmount, discountAmount, usedPoint, payableAmount, reason },
  });
  return toOrderView(order, items, latest);
}
