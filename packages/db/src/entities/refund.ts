import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, timestamps, version } from './columns.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { raiseVersion } from './versioned.ts';

export const REFUND_STATUSES = ['PENDING', 'COMPLETE', 'FAILED'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

const RefundSchema = defineEntity({
  name: 'Refund',
  tableName: 'refunds',
  properties: {
    id: id(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').index(),
    paymentId: () => p.manyToOne(Payment).mapToPk().joinColumn('payment_id').index(),
    // Money that goes back through the payment's provider.
    amount: amount(),
    // Points that went back to the wallet.
    points: amount(),
    // Whether what went back with it completes the order's refund.
    isWhole: p.boolean(),
    reason: p.string().length(200).nullable(),
    // PENDING until the provider has sent the money back; a refund of points alone is COMPLETE at once.
    status: p.enum(REFUND_STATUSES),
    transactionId: p.string().length(255).nullable().unique('refunds_transaction_id_unique'),
    version: version(),
    ...timestamps,
  },
  // For the reconciler.
  indexes: [{ name: 'refunds_pending_index', properties: ['createdAt'], where: { status: 'PENDING' } }],
  checks: [{ name: 'refunds_amount_check', expression: 'amount >= 0 and points >= 0' }],
});

/** What goes back of an order: money to where it came from, points to the wallet, pieces to the stock. */
export class Refund extends RefundSchema.class {
  /** The provider has sent the money back. */
  markComplete(transactionId: string, now: Date): void {
    this.status = 'COMPLETE';
    this.transactionId = transactionId;
    raiseVersion(this, now);
  }

  /** The provider's final word is that it will not send the money back. */
  markFailed(now: Date): void {
    this.status = 'FAILED';
    raiseVersion(this, now);
  }
}

RefundSchema.setClass(Refund);
