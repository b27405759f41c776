import { defineEntity, p } from '@mikro-orm/core';
import type { Changes } from '../unit-of-work/changes.ts';
import { amount, id, instant, timestamps, version } from './columns.ts';
import { Order } from './order.ts';
import { Refund } from './refund.ts';
import { raiseVersion } from './versioned.ts';

export const PAYMENT_STATUSES = ['PENDING', 'PAID', 'FAILED', 'REFUNDED'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** What the column holds. */
const FAILURE_REASON_LENGTH_MAX = 255;

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
    // When the provider was first called; from then on only the provider knows how it ends.
    startedAt: instant().nullable(),
    // Money that went back.
    refundedAmount: amount(),
    failureReason: p.string().length(255).nullable(),
    version: version(),
    ...timestamps,
  },
  uniques: [
    { name: 'payments_one_paid_unique', properties: ['orderId'], where: { status: 'PAID' } },
    { name: 'payments_one_pending_unique', properties: ['orderId'], where: { status: 'PENDING' } },
  ],
  // For the reconciler: what was started and has not ended.
  indexes: [{ name: 'payments_started_at_index', properties: ['startedAt'], where: { status: 'PENDING' } }],
  checks: [
    { name: 'payments_amount_check', expression: 'amount >= 0' },
    { name: 'payments_refunded_amount_check', expression: 'refunded_amount >= 0 and refunded_amount <= amount' },
  ],
});

/** One attempt to collect what an order leaves to pay. At most one of an order's payments is PAID. */
export class Payment extends PaymentSchema.class {
  /** Opens the payment of what an order leaves to pay. Nothing left: the points have paid it. */
  static openFor(order: Order, changes: Changes): Payment {
    const isPaid = order.payableAmount === 0;
    return changes.add(Payment, {
      orderId: order.id,
      amount: order.payableAmount,
      method: isPaid ? 'points' : null,
      status: isPaid ? 'PAID' : 'PENDING',
      transactionId: null,
      startedAt: null,
      refundedAmount: 0,
      failureReason: null,
    });
  }

  /** The order came to nothing. A payment that a provider knows of stays PENDING: only the provider can say how it ends. */
  cancel(now: Date): void {
    if (this.status !== 'PENDING' || this.startedAt) return;
    this.status = 'FAILED';
    this.failureReason = 'cancelled';
    raiseVersion(this, now);
  }

  /** Counts money that goes back. With the rest of its order the payment is REFUNDED. */
  refund(amount: number, isWhole: boolean, now: Date): void {
    this.refundedAmount += amount;
    if (isWhole) this.status = 'REFUNDED';
    raiseVersion(this, now);
  }

  /** From now on a provider is asked to collect it, and only that provider knows how it ends. */
  start(method: string, now: Date): void {
    this.method = method;
    this.startedAt = now;
    raiseVersion(this, now);
  }

  /** Whether the provider has collected it; nothing that is heard later undoes that. */
  get isCollected(): boolean {
    return this.status === 'PAID' || this.status === 'REFUNDED';
  }

  /** The provider has collected it for its order. */
  markPaid(transactionId: string, now: Date): void {
    this.status = 'PAID';
    this.transactionId = transactionId;
    this.failureReason = null;
    raiseVersion(this, now);
  }

  /** The provider has collected it, but its order no longer waits for it: all of it goes back. */
  markReturned(transactionId: string, changes: Changes): Refund {
    this.status = 'REFUNDED';
    this.transactionId = transactionId;
    this.refundedAmount = this.amount;
    raiseVersion(this, changes.now);
    return changes.add(Refund, {
      orderId: this.orderId,
      paymentId: this.id,
      amount: this.amount,
      points: 0,
      // The order itself is not refunded: it is cancelled, or another payment has paid it.
      isWhole: false,
      reason: 'Paid when the order no longer waited for it.',
      status: 'PENDING',
      transactionId: null,
    });
  }

  /** The provider's word cannot be meant for this. It stays open: to fail it would invite to pay twice. */
  markDoubtful(reason: string, now: Date): void {
    this.failureReason = reason.slice(0, FAILURE_REASON_LENGTH_MAX);
    raiseVersion(this, now);
  }

  /** The provider has not collected it, and will not. */
  markFailed(reason: string, now: Date): void {
    this.status = 'FAILED';
    this.failureReason = reason.slice(0, FAILURE_REASON_LENGTH_MAX);
    raiseVersion(this, now);
  }
}

PaymentSchema.setClass(Payment);
