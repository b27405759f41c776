import { ORDER_STATUSES, type OrderStatus } from '@baguni/db';
import { z } from 'zod';
import { id, lineQuantity, type Mutation, mutation, type Schema } from '../fields.ts';
import { LINES_MAX } from '../limits.ts';
import { type PageInput, pageInput } from '../pages.ts';
import { type PaymentView, paymentView } from '../payments/schema.ts';

/** One line of an order: the product as it was when the order was placed. */
interface OrderItemView {
  productId: number;
  productName: string;
  description: string;
  /** What a piece cost. */
  price: number;
  quantity: number;
  /** price × quantity. */
  amount: number;
}

/** A purchase. */
export interface OrderView {
  id: number;
  userId: number;
  /** WAITING until what is left is paid, then COMPLETE; or CANCELLED; or REFUNDED. */
  status: OrderStatus;
  items: OrderItemView[];
  /** Σ amount of the lines. */
  totalAmount: number;
  /** What the coupon takes off. */
  discountAmount: number;
  /** Points spent on it. */
  usedPoint: number;
  /** What is left to pay: total − discount − points. */
  payableAmount: number;
  /** The latest payment. */
  payment: PaymentView;
  /** The cart that it was placed from. */
  cartId: number | null;
  /** The coupon that was used. */
  userCouponId: number | null;
  /** Until when a WAITING order holds what it took. */
  expiresAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const orderItemView = z.strictObject({
  productId: z.int(),
  productName: z.string(),
  description: z.string(),
  price: z.int(),
  quantity: z.int(),
  amount: z.int(),
});

export const orderView: Schema<OrderView> = z.strictObject({
  id: z.int(),
  userId: z.int(),
  status: z.enum(ORDER_STATUSES),
  items: z.array(orderItemView),
  totalAmount: z.int(),
  discountAmount: z.int(),
  usedPoint: z.int(),
  payableAmount: z.int(),
  payment: paymentView,
  cartId: z.int().nullable(),
  userCouponId: z.int().nullable(),
  expiresAt: z.date().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** One line to order. */
export interface OrderLine {
  productId: number;
  /** Pieces, 1 to 10,000. */
  quantity: number;
}

export interface PlaceOrderInput extends Mutation {
  /** What to order, 1 to 100 lines, one a product; the caller's cart if not named. */
  items?: OrderLine[] | undefined;
  /** One of the caller's coupons, from `coupons.mine`. */
  userCouponId?: number | undefined;
  /** Points to spend; 0 unless said otherwise. */
  points?: number | undefined;
  /** What the customer saw as the total before discount: the order is refused if it has changed. */
  expectedTotalAmount?: number | undefined;
}

const orderLines = z
  .array(z.strictObject({ productId: id(), quantity: lineQuantity() }))
  .min(1)
  .max(LINES_MAX)
  .refine(
    (lines) => new Set(lines.map(({ productId }) => productId)).size === lines.length,
    'Must name each product once.',
  );

export const placeOrderInput: Schema<PlaceOrderInput | undefined> = z
  .strictObject({
    items: orderLines.optional(),
    userCouponId: id().optional(),
    points: z.int().min(0).optional(),
    expectedTotalAmount: z.int().min(0).optional(),
    ...mutation,
  })
  .optional();

export interface OrderIdInput {
  orderId: number;
}

export const orderIdInput: Schema<OrderIdInput> = z.strictObject({ orderId: id() });

export const listOrdersInput: Schema<PageInput | undefined> = z.strictObject(pageInput).optional();
