import { ORDER_STATUSES, type OrderStatus } from '@baguni/db';
import { z } from 'zod';
import type { Reason, ReasonDetails } from '../errors.ts';
import { type StreamInput, streamInput } from '../events/schema.ts';
import { expectedVersion, id, instant, lineQuantity, type Mutation, mutation, type Schema } from '../fields.ts';
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
  /** The line's share of the order's discount. */
  discountAmount: number;
  /** How many of the pieces went back. */
  refundedQuantity: number;
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
  /** When it was paid; `null` while it was not. */
  completedAt: Date | null;
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
  discountAmount: z.int(),
  refundedQuantity: z.int(),
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
  completedAt: z.date().nullable(),
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

export interface QuoteOrderInput {
  /** What to order, 1 to 100 lines, one a product; the caller's cart if not named. */
  items?: OrderLine[] | undefined;
  /** One of the caller's coupons, from `coupons.mine`. */
  userCouponId?: number | undefined;
  /** Points to spend; 0 unless said otherwise. */
  points?: number | undefined;
  /** What the customer saw as the total before discount: the order is refused if it has changed. */
  expectedTotalAmount?: number | undefined;
}

export interface PlaceOrderInput extends QuoteOrderInput, Mutation {}

export const orderLines = z
  .array(z.strictObject({ productId: id(), quantity: lineQuantity() }))
  .min(1)
  .max(LINES_MAX)
  .refine(
    (lines) => new Set(lines.map(({ productId }) => productId)).size === lines.length,
    'Must name each product once.',
  );

const orderFields = {
  items: orderLines.optional(),
  userCouponId: id().optional(),
  points: z.int().min(0).optional(),
  expectedTotalAmount: z.int().min(0).optional(),
};

export const placeOrderInput: Schema<PlaceOrderInput | undefined> = z
  .strictObject({ ...orderFields, ...mutation })
  .optional();

/** Something that would keep an order from being placed as it was asked for. */
interface QuoteProblemView {
  /** Why `orders.place` would refuse. */
  reason: Reason;
  /** A sentence for a person, with the values. */
  message: string;
  details: ReasonDetails[Reason];
}

/** One line as it would be ordered now. */
interface QuoteItemView extends OrderLine {
  productName: string;
  /** What a piece costs. */
  price: number;
  /** price × quantity. */
  amount: number;
  /** The line's share of the discount. */
  discountAmount: number;
}

/** What an order would cost now. Nothing is held by it. */
export interface QuoteView {
  /** The lines that can be bought, in the order in which they were named. */
  items: QuoteItemView[];
  /** Σ amount of the lines: what `expectedTotalAmount` may hold the shop to. */
  totalAmount: number;
  /** What the coupon takes off; 0 if it does not apply. */
  discountAmount: number;
  /** The most points that could be spent: what the wallet holds, but no more than there is to pay. */
  pointsUsable: number;
  /** Of the points asked for, those that can be spent. */
  usedPoint: number;
  /** What is left to pay: total − discount − points. */
  payableAmount: number;
  /** Why the coupon does not apply; `null` if it does, or if none was named. */
  couponProblem: QuoteProblemView | null;
  /** What else stands in the way; empty if nothing does. */
  problems: QuoteProblemView[];
}

const quoteProblemView: Schema<QuoteProblemView> = z.strictObject({
  reason: z.custom<Reason>((reason) => typeof reason === 'string').meta({ type: 'string' }),
  message: z.string(),
  details: z.custom<ReasonDetails[Reason]>((details) => details instanceof Object).meta({ type: 'object' }),
});

export const quoteView: Schema<QuoteView> = z.strictObject({
  items: z.array(
    z.strictObject({
      productId: z.int(),
      productName: z.string(),
      price: z.int(),
      quantity: z.int(),
      amount: z.int(),
      discountAmount: z.int(),
    }),
  ),
  totalAmount: z.int(),
  discountAmount: z.int(),
  pointsUsable: z.int(),
  usedPoint: z.int(),
  payableAmount: z.int(),
  couponProblem: quoteProblemView.nullable(),
  problems: z.array(quoteProblemView),
});

export const quoteOrderInput: Schema<QuoteOrderInput | undefined> = z.strictObject(orderFields).optional();

export interface CancelOrderInput extends Mutation {
  orderId: number;
  /** The order's version that the customer saw. */
  expectedVersion?: number | undefined;
}

export const cancelOrderInput: Schema<CancelOrderInput> = z.strictObject({
  orderId: id(),
  expectedVersion: expectedVersion(),
  ...mutation,
});

export interface OrderIdInput {
  orderId: number;
}

export const orderIdInput: Schema<OrderIdInput> = z.strictObject({ orderId: id() });

export const listOrdersInput: Schema<PageInput | undefined> = z.strictObject(pageInput).optional();

export interface SearchOrdersInput extends PageInput {
  /** Whose orders; everybody's if not named. */
  userId?: number | undefined;
  /** In which state; in any if not named. */
  status?: OrderStatus | undefined;
  /** Placed at this time or later. */
  createdFrom?: Date | undefined;
  /** Placed before this time; later than `createdFrom`. */
  createdTo?: Date | undefined;
}

export const searchOrdersInput: Schema<SearchOrdersInput | undefined> = z
  .strictObject({
    userId: id().optional(),
    status: z.enum(ORDER_STATUSES).optional(),
    createdFrom: instant().optional(),
    createdTo: instant().optional(),
    ...pageInput,
  })
  .refine(({ createdFrom, createdTo }) => !createdFrom || !createdTo || createdFrom < createdTo, {
    path: ['createdTo'],
    message: 'Must be later than createdFrom.',
  })
  .optional();

export interface StreamOrdersInput extends StreamInput {
  /** One of the caller's orders; all of them unless said otherwise. */
  orderId?: number | undefined;
}

export const streamOrdersInput: Schema<StreamOrdersInput | undefined> = z
  .strictObject({ ...streamInput, orderId: id().optional() })
  .optional();
