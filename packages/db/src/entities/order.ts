import { defineEntity, p } from '@mikro-orm/core';
import { Cart } from './cart.ts';
import { amount, id, instant, timestamps, version } from './columns.ts';
import { User } from './user.ts';
import { UserCoupon } from './user-coupon.ts';
import { raiseVersion } from './versioned.ts';

export const ORDER_STATUSES = ['WAITING', 'COMPLETE', 'CANCELLED', 'REFUNDED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

const OrderSchema = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: id(),
    userId: () => p.manyToOne(User).mapToPk().joinColumn('user_id').index(false),
    cartId: () => p.manyToOne(Cart).mapToPk().joinColumn('cart_id').nullable().deleteRule('no action'),
    userCouponId: () =>
      p.manyToOne(UserCoupon).mapToPk().joinColumn('user_coupon_id').nullable().deleteRule('no action'),
    status: p.enum(ORDER_STATUSES),
    totalAmount: amount(),
    discountAmount: amount(),
    usedPoint: amount(),
    expiresAt: instant().nullable(),
    // When it was paid: the day on which its sales count.
    completedAt: instant().nullable(),
    version: version(),
    ...timestamps,
  },
  indexes: [
    { name: 'orders_user_id_created_at_id_index', properties: ['userId', 'createdAt', 'id'] },
    { name: 'orders_created_at_id_index', properties: ['createdAt', 'id'] },
    { name: 'orders_status_created_at_id_index', properties: ['status', 'createdAt', 'id'] },
    // For the sweep of holds that are over.
    { name: 'orders_expires_at_index', properties: ['expiresAt'], where: { status: 'WAITING' } },
  ],
  checks: [
    { name: 'orders_total_amount_check', expression: 'total_amount >= 0' },
    { name: 'orders_discount_amount_check', expression: 'discount_amount >= 0 and discount_amount <= total_amount' },
    { name: 'orders_used_point_check', expression: 'used_point >= 0 and used_point <= total_amount - discount_amount' },
    {
      name: 'orders_completed_at_check',
      expression: "(status = 'COMPLETE' or status = 'REFUNDED') = (completed_at is not null)",
    },
    { name: 'orders_expires_at_check', expression: "(status = 'WAITING') = (expires_at is not null)" },
  ],
});

/** A purchase. While WAITING it holds what it took until `expiresAt`. */
export class Order extends OrderSchema.class {
  /** What is left to pay once discount and points are taken off. */
  get payableAmount(): number {
    return payableAmountOf(this);
  }

  /** Ends a WAITING order; whoever calls it also gives back what the order held. */
  cancel(now: Date): void {
    this.status = 'CANCELLED';
    this.expiresAt = null;
    raiseVersion(this, now);
  }

  /** Pieces went back: all that were left of it, or some. */
  refund(isWhole: boolean, now: Date): void {
    if (isWhole) this.status = 'REFUNDED';
    raiseVersion(this, now);
  }

  /** What was left to pay is paid. */
  complete(now: Date): void {
    this.status = 'COMPLETE';
    this.completedAt = now;
    this.expiresAt = null;
    raiseVersion(this, now);
  }
}

OrderSchema.setClass(Order);

/** What an order leaves to pay once discount and points are taken off, whether it is an entity or a row. */
export function payableAmountOf(order: Pick<Order, 'totalAmount' | 'discountAmount' | 'usedPoint'>): number {
  return order.totalAmount - order.discountAmount - order.usedPoint;
}
