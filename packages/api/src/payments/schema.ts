import { PAYMENT_STATUSES, type PaymentStatus } from '@baguni/db';
import { z } from 'zod';
import { id, type Schema } from '../fields.ts';

/** One attempt to collect what an order leaves to pay. */
export interface PaymentView {
  id: number;
  orderId: number;
  /** How it is paid; `null` until the customer chooses. */
  method: string | null;
  /** What is left of the order's total after discount and points. */
  amount: number;
  /** PENDING until it is PAID or FAILED. */
  status: PaymentStatus;
  /** Money that went back. */
  refundedAmount: number;
  /** The payment provider's own id. */
  transactionId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const paymentView: Schema<PaymentView> = z.strictObject({
  id: z.int(),
  orderId: z.int(),
  method: z.string().nullable(),
  amount: z.int(),
  status: z.enum(PAYMENT_STATUSES),
  refundedAmount: z.int(),
  transactionId: z.string().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export interface OrderPaymentsInput {
  orderId: number;
}

export const orderPaymentsInput: Schema<OrderPaymentsInput> = z.strictObject({ orderId: id() });
