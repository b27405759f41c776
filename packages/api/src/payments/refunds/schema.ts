import { ORDER_STATUSES, type OrderStatus, REFUND_STATUSES, type RefundStatus } from '@baguni/db';
import { z } from 'zod';
import { expectedVersion, id, type Mutation, mutation, name, type Schema } from '../../fields.ts';
import { orderLines } from '../../orders/schema.ts';

/** Pieces of one line of an order that go back. */
export interface RefundLine {
  productId: number;
  /** Pieces, at most those that have not gone back yet. */
  quantity: number;
}

export interface RefundPaymentInput extends Mutation {
  orderId: number;
  /** What goes back, one line a product; all that is left if not named. */
  items?: RefundLine[] | undefined;
  /** Why, 1 to 200 characters. */
  reason?: string | undefined;
  /** The order's version that the admin saw. */
  expectedVersion?: number | undefined;
}

export const refundPaymentInput: Schema<RefundPaymentInput> = z.strictObject({
  orderId: id(),
  items: orderLines.optional(),
  reason: name(200).optional(),
  expectedVersion: expectedVersion(),
  ...mutation,
});

/** Pieces of one line that went back. */
interface RefundItemView extends RefundLine {
  /** What they cost less their share of the discount: money and points together. */
  amount: number;
}

/** What went back of an order. */
export interface RefundView {
  id: number;
  orderId: number;
  paymentId: number;
  items: RefundItemView[];
  /** Money that goes back to where it came from. */
  amount: number;
  /** Points that went back to the wallet. */
  points: number;
  /** PENDING until the payment provider has sent the money back; COMPLETE at once if none is due. */
  status: RefundStatus;
  /** Whether nothing is left of the order. */
  isWhole: boolean;
  /** What the order is now. */
  orderStatus: OrderStatus;
  reason: string | null;
  createdAt: Date;
}

export const refundView: Schema<RefundView> = z.strictObject({
  id: z.int(),
  orderId: z.int(),
  paymentId: z.int(),
  items: z.array(z.strictObject({ productId: z.int(), quantity: z.int(), amount: z.int() })),
  amount: z.int(),
  points: z.int(),
  status: z.enum(REFUND_STATUSES),
  isWhole: z.boolean(),
  orderStatus: z.enum(ORDER_STATUSES),
  reason: z.string().nullable(),
  createdAt: z.date(),
});
