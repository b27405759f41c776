import type { Order, Payment, Row } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { Collection } from './provider.ts';
import type { CollectionResult } from './providers.ts';
import type { PaymentView, PayView } from './schema.ts';

type Kind = 'payment' | 'charge' | 'refund';

/** Our name of a thing at a provider. It never changes, so asking twice asks for the same thing. */
export function providerKey(kind: Kind, id: number): string {
  return `${kind}-${id}`;
}

/** What a provider's message is about, by the key in it; `undefined` for a key that is none of ours. */
export function parseProviderKey(key: string): { kind: Kind; id: number } | undefined {
  const [, kind, id] = /^(payment|charge|refund)-([1-9]\d{0,14})$/.exec(key) ?? [];
  if (kind !== 'payment' && kind !== 'charge' && kind !== 'refund') return undefined;
  return { kind, id: Number(id) };
}

/** What a payment asks its provider for. */
export function collectionOf({ id, orderId, amount }: Pick<Payment, 'id' | 'orderId' | 'amount'>): Collection {
  return { key: providerKey('payment', id), amount, description: `Order ${orderId}` };
}

/** How a collection ended, once what the provider says has been compared with what it was asked for. */
export type Settlement =
  | { readonly status: 'PAID'; readonly transactionId: string }
  /** The provider did not collect it. */
  | { readonly status: 'FAILED'; readonly reason: string }
  /** The provider says that it is paid, but that cannot be for what was asked. */
  | { readonly status: 'REFUSED'; readonly reason: string };

/** The longest transaction id that is kept. */
const TRANSACTION_ID_LENGTH_MAX = 255;

/** What a provider's word comes to; `undefined` while nobody knows. */
export function settlementOf(
  result: CollectionResult,
  asked: { readonly key: string; readonly amount: number },
): Settlement | undefined {
  switch (result.status) {
    case 'UNKNOWN':
    case 'PENDING':
      return undefined;
    case 'FAILED':
      return result;
    case 'PAID': {
      const { key, amount, transactionId } = result;
      if (key !== asked.key) return refused(`The provider collected for ${key}, not for ${asked.key}.`);
      if (amount !== asked.amount) return refused(`The provider collected ${amount} instead of ${asked.amount}.`);
      if (transactionId.length === 0 || transactionId.length > TRANSACTION_ID_LENGTH_MAX) {
        return refused('The provider gave no usable transaction id.');
      }
      return { status: 'PAID', transactionId };
    }
  }
}

function refused(reason: string): Settlement {
  return { status: 'REFUSED', reason };
}

/** The same word, unless the transaction that it names has paid something else: one transaction pays one thing. */
export function unlessForeign(
  settlement: Settlement | undefined,
  namesake: { readonly id: number } | undefined,
  { kind, id }: { readonly kind: Kind; readonly id: number },
): Settlement | undefined {
  if (!namesake || namesake.id === id) return settlement;
  return refused(`The transaction belongs to ${kind} ${namesake.id}.`);
}

/** A message of a provider, which is taken once. */
export interface TakenWebhook {
  readonly method: string;
  readonly messageId: string;
}

/** The message as it is kept: with what it led to for the thing of this key, or why it was refused. */
export function toProviderWebhook(webhook: TakenWebhook, key: string, settlement: Settlement | undefined) {
  return settlement?.status === 'REFUSED'
    ? ({ ...webhook, outcome: 'REFUSED', detail: settlement.reason } as const)
    : ({ ...webhook, outcome: 'ACCEPTED', detail: `${key}: ${settlement?.status ?? 'PENDING'}` } as const);
}

/** Refuses with `ORDER_NOT_WAITING` an order that cannot be paid, or not any more. */
export function assertPayable(order: Pick<Order, 'id' | 'status' | 'expiresAt'>, now: Date): void {
  const { id: orderId, status, expiresAt } = order;
  if (status !== 'WAITING') {
    throw new DomainError('ORDER_NOT_WAITING', `Order ${orderId} is ${status}.`, { orderId, status });
  }
  if (expiresAt && expiresAt <= now) {
    throw new DomainError('ORDER_NOT_WAITING', `The time to pay order ${orderId} is over.`, { orderId, status });
  }
}

export function methodUnknown(method: string): DomainError {
  return new DomainError('PAYMENT_METHOD_UNKNOWN', `There is no payment method ${method}.`, { method });
}

export function toPaymentView(payment: Row<Payment>): PaymentView {
  const { id, orderId, amount, status, version, createdAt, updatedAt } = payment;
  return {
    id,
    orderId,
    method: payment.method ?? null,
    amount,
    status,
    refundedAmount: payment.refundedAmount,
    transactionId: payment.transactionId ?? null,
    failureReason: payment.failureReason ?? null,
    version,
    createdAt,
    updatedAt,
  };
}

export function toPayView(payment: Payment, order: Order): PayView {
  return { ...toPaymentView(payment), orderStatus: order.status, nextUrl: null };
}
