import type { Order, OrderItem, Payment, Product } from '@baguni/db';
import { DomainError } from '../errors.ts';
import { toPaymentView } from '../payments/rules.ts';
import type { OrderLine, OrderView } from './schema.ts';

/** How long a WAITING order holds what it took. */
export const HOLD_MS = 15 * 60 * 1000;

/** What an order of these lines costs at these prices, before discount. */
export function totalOf(lines: readonly (OrderLine & { readonly product: Pick<Product, 'price'> })[]): number {
  return lines.reduce((total, { quantity, product }) => total + product.price * quantity, 0);
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

export function orderNotFound(orderId: number): DomainError {
  return new DomainError('ORDER_NOT_FOUND', `There is no order ${orderId}.`, { orderId });
}

export function toOrderView(order: Order, items: readonly OrderItem[], payment: Payment): OrderView {
  const { id, userId, status, totalAmount, discountAmount, usedPoint, payableAmount, version } = order;
  return {
    id,
    userId,
    status,
    items: items.map(({ productId, productName, description, price, quantity }) => ({
      productId,
      productName,
      description,
      price,
      quantity,
      amount: price * quantity,
    })),
    totalAmount,
    discountAmount,
    usedPoint,
    payableAmount,
    payment: toPaymentView(payment),
    cartId: order.cartId ?? null,
    userCouponId: order.userCouponId ?? null,
    expiresAt: order.expiresAt ?? null,
    version,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  };
}
