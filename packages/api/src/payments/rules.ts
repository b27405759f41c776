import { type Changes, Payment } from '@baguni/db';
import type { PaymentView } from './schema.ts';

/** Opens the payment of what an order leaves to pay. Nothing left: it is paid, by the points. */
export function openPayment(orderId: number, amount: number, changes: Changes): Payment {
  const isPaid = amount === 0;
  return changes.add(Payment, {
    orderId,
    amount,
    method: isPaid ? 'points' : null,
    status: isPaid ? 'PAID' : 'PENDING',
    transactionId: null,
  });
}

export function toPaymentView(payment: Payment): PaymentView {
  const { id, orderId, amount, status, version, createdAt, updatedAt } = payment;
  return {
    id,
    orderId,
    method: payment.method ?? null,
    amount,
    status,
    transactionId: payment.transactionId ?? null,
    version,
    createdAt,
    updatedAt,
  };
}
