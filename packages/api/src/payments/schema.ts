import { ORDER_STATUSES, type OrderStatus, PAYMENT_STATUSES, type PaymentStatus } from '@baguni/db';
import { z } from 'zod';
import { id, type Mutation, mutation, name, type Schema } from '../fields.ts';

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
  /** Why it FAILED; of one that is PENDING, why what the provider said was not believed. */
  failureReason: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const paymentFields = {
  id: z.int(),
  orderId: z.int(),
  method: z.string().nullable(),
  amount: z.int(),
  status: z.enum(PAYMENT_STATUSES),
  refundedAmount: z.int(),
  transactionId: z.string().nullable(),
  failureReason: z.string().nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
};

export const paymentView: Schema<PaymentView> = z.strictObject(paymentFields);

/** How an attempt to pay stands. */
export interface PayView extends PaymentView {
  /** The order after it: COMPLETE once it is PAID, WAITING for another try when it FAILED. */
  orderStatus: OrderStatus;
  /** Where the customer goes on, while it is PENDING and the provider wants to see them. */
  nextUrl: string | null;
}

export const payView: Schema<PayView> = z.strictObject({
  ...paymentFields,
  orderStatus: z.enum(ORDER_STATUSES),
  nextUrl: z.string().nullable(),
});

export interface OrderPaymentsInput {
  orderId: number;
}

export const orderPaymentsInput: Schema<OrderPaymentsInput> = z.strictObject({ orderId: id() });

const METHOD_LENGTH_MAX = 50;
const TOKEN_LENGTH_MAX = 300;

/** A name under which the shop has a payment provider. */
export const paymentMethod = () => name(METHOD_LENGTH_MAX);

/** What the provider gave the customer's page. */
export const providerToken = () => name(TOKEN_LENGTH_MAX).optional();

export interface PayInput extends Mutation {
  orderId: number;
  /** Which of the shop's payment providers collects it: `test` in a demo shop. */
  method: string;
  /** What the provider gave the customer's page: it stands for a card, or for an agreement to pay. */
  token?: string | undefined;
}

export const payInput: Schema<PayInput> = z.strictObject({
  orderId: id(),
  method: paymentMethod(),
  token: providerToken(),
  ...mutation,
});
