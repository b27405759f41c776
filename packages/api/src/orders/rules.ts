import type {
  Changes,
  Coupon,
  NewEvent,
  Order,
  OrderItem,
  Payment,
  PointWallet,
  Product,
  Row,
  Stock,
  UserCoupon,
} from '@baguni/db';
import { DomainError } from '../errors.ts';
import { toPaymentView } from '../payments/rules.ts';
import type { OrderLine, OrderView } from './schema.ts';

/** What an order of these lines costs at these prices, before discount. */
export function totalOf(lines: readonly (OrderLine & { readonly product: Pick<Product, 'price'> })[]): number {
  return lines.reduce((total, { quantity, product }) => total + product.price * quantity, 0);
}

/**
 * Shares an amount out over weights so that the parts sum to it exactly: each part is rounded down,
 * and what is left goes, one each, to the largest remainders, earlier ones first.
 * https://en.wikipedia.org/wiki/Largest_remainder_method
 */
export function shareOut(amount: number, weights: readonly number[]): number[] {
  const whole = BigInt(weights.reduce((sum, weight) => sum + weight, 0));
  if (whole === 0n) return weights.map(() => 0);
  // amount × weight leaves the safe integers long before the parts do.
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((product) => Number(product / whole));
  const left = amount - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((product, place) => ({ place, remainder: product % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1));
  for (const { place } of byRemainder.slice(0, left)) parts[place] = (parts[place] ?? 0) + 1;
  return parts;
}

/** Refuses with `ORDER_TOTAL_CHANGED` when the customer saw another total. */
export function assertTotalExpected(totalAmount: number, expectedTotalAmount: number | undefined): void {
  if (expectedTotalAmount === undefined || expectedTotalAmount === totalAmount) return;
  throw new DomainError('ORDER_TOTAL_CHANGED', `The order totals ${totalAmount} now, not ${expectedTotalAmount}.`, {
    expectedTotalAmount,
    totalAmount,
  });
}

/** Refuses with `POINTS_EXCEED_PAYABLE` points that the order has no use for. */
export function assertPointsPayable(points: number, payable: number): void {
  if (points <= payable) return;
  throw new DomainError('POINTS_EXCEED_PAYABLE', `Only ${payable} is left to pay, so ${points} points are too many.`, {
    requested: points,
    payable,
  });
}

/** Refuses with `ORDER_NOT_WAITING` an order that holds nothing any more. */
export function assertWaiting({ id: orderId, status }: Pick<Order, 'id' | 'status'>): void {
  if (status === 'WAITING') return;
  throw new DomainError('ORDER_NOT_WAITING', `Order ${orderId} is ${status}; only a WAITING one can be cancelled.`, {
    orderId,
    status,
  });
}

/** What of an order goes back. */
export interface GivenBack {
  readonly reason: 'CANCEL' | 'REFUND';
  readonly lines: readonly OrderLine[];
  readonly points: number;
  readonly hasCoupon: boolean;
}

/** Where what an order took came from. */
export interface Sources {
  readonly wallet?: PointWallet | undefined;
  readonly coupon?: Coupon | undefined;
  readonly held?: UserCoupon | undefined;
  readonly stocks?: readonly Stock[] | undefined;
  readonly products?: readonly Product[] | undefined;
}

/** Gives pieces, points and coupon of an order back to where they came from. */
export function giveBack(
  { id: orderId, userCouponId }: Order,
  { reason, lines, points, hasCoupon }: GivenBack,
  { wallet, coupon, held, stocks = [], products = [] }: Sources,
  changes: Changes,
): void {
  for (const { productId, quantity } of lines) {
    const stock = stocks.find((each) => each.productId === productId);
    const product = products.find(({ id }) => id === productId);
    if (!stock || !product) throw new Error(`There is no stock of product ${productId}.`);
    stock.giveBack(reason, quantity, orderId, product, changes);
  }
  if (points > 0) {
    if (!wallet) throw new Error(`There is no wallet for the points of order ${orderId}.`);
    wallet.giveBack(points, orderId, changes);
  }
  if (hasCoupon && userCouponId != null) {
    if (!coupon || held?.orderId !== orderId) throw new Error(`The coupon of order ${orderId} is not in its hands.`);
    coupon.giveBack(held, changes.now);
  }
}

/** The payment that tells how an order stands: the last that was opened. */
export function latestPayment(payments: readonly Row<Payment>[]): Row<Payment> | undefined {
  return payments.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id).at(-1);
}

export function userCouponNotFound(userCouponId: number): DomainError {
  return new DomainError('USER_COUPON_NOT_FOUND', `You hold no coupon ${userCouponId}.`, { userCouponId });
}

export function orderNotFound(orderId: number): DomainError {
  return new DomainError('ORDER_NOT_FOUND', `There is no order ${orderId}.`, { orderId });
}

/** What those outside are told of an order that was placed or paid. */
export function orderEvent(type: 'order.placed' | 'order.completed', order: Order): NewEvent {
  const { id, userId, totalAmount, discountAmount, usedPoint, payableAmount, version } = order;
  const payload = { orderId: id, userId, totalAmount, discountAmount, usedPoint, payableAmount };
  return { type, aggregateType: 'order', aggregateId: id, aggregateVersion: version, payload };
}

export function toOrderView(
  order: Row<Order> & Pick<Order, 'payableAmount'>,
  items: readonly Row<OrderItem>[],
  payment: Row<Payment>,
): OrderView {
  const { id, userId, status, totalAmount, discountAmount, usedPoint, payableAmount, version } = order;
  return {
    id,
    userId,
    status,
    items: items.map((item) => {
      const { productId, productName, description, price, quantity, discountAmount, refundedQuantity } = item;
      const amount = price * quantity;
      return { productId, productName, description, price, quantity, amount, discountAmount, refundedQuantity };
    }),
    totalAmount,
    discountAmount,
    usedPoint,
    payableAmount,
    payment: toPaymentView(payment),
    cartId: order.cartId ?? null,
    userCouponId: order.userCouponId ?? null,
    expiresAt: order.expiresAt ?? null,
    completedAt: order.completedAt ?? null,
    version,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  };
}
