import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, timestamps, version } from './columns.ts';
import { Order } from './order.ts';

export const PAYMENT_STATUSES = ['PENDING', 'PAID', 'FAILED', 'REFUNDED'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

const PaymentSchema = defineEntity({
  name: 'Payment',
  tableName: 'payments',
  properties: {
    id: id(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').index(),
    // Not known until the customer chooses how to pay.
    method: p.string().length(50).nullable(),
    amount: amount(),
    status: p.enum(PAYMENT_STATUSES),
    transactionId: p.string().length(255).nullable().unique('payments_transaction_id_unique'),
    version: version(),
    ...timestamps,
  },
  uniques: [{ name: 'payments_one_paid_unique', properties: ['orderId'], where: { status: 'PAID' } }],
  checks: [{ name: 'payments_amount_check', expression: 'amount >= 0' }],
});

/** One attempt to collect what an order leaves to pay. At most one of an order's payments is PAID. */
export class Payment extends PaymentSchema.class {}

PaymentSchema.setClass(Payment);
