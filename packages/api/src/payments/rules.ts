import type { Payment } from '@baguni/db';
import type { PaymentView } from './schema.ts';

export function toPaymentView(payment: Payment): PaymentView {
  const { id, orderId, amount, status, version, createdAt, updatedAt } = payment;
  return {
    id,
    orderId,
    method: payment.method ?? null,
    amount,
    status,
    refundedAmount: payment.refundedAmount,
    transactionId: payment.transactionId ?? null,
    version,
    createdAt,
    updatedAt,
  };
}
