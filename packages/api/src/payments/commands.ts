import { command, DailySale, dayOf, Order, OrderItem, Payment, Product, ProviderWebhook, Refund } from '@baguni/db';
import { DomainError } from '../errors.ts';
import { orderEvent, orderNotFound } from '../orders/rules.ts';
import type { Owned } from '../procedures.ts';
import {
  assertPayable,
  providerKey,
  type Settlement,
  type TakenWebhook,
  toPayView,
  toProviderWebhook,
  unlessForeign,
} from './rules.ts';
import type { PayInput } from './schema.ts';

/**
 * The intent: which provider will be asked, before it is. The answer names the attempt that it was made for,
 * which tells the first call from the same call made again.
 */
export function startPayment(attempt: string) {
  return command({
    name: 'payments.pay',

    load: (rows, { orderId, userId }: PayInput & Owned) => ({
      order: rows.lock(Order, { id: orderId, userId }),
      payments: rows.lockAll(Payment, { orderId }),
    }),

    decide({ order, payments }, { orderId, method }, changes) {
      if (!order) throw orderNotFound(orderId);
      assertPayable(order, changes.now);
      const pending = payments.find(({ status }) => status === 'PENDING');
      if (pending?.startedAt) {
        const { id: paymentId } = pending;
        throw new DomainError('PAYMENT_IN_PROGRESS', `Payment ${paymentId} is under way.`, { paymentId });
      }
      const payment = pending ?? Payment.openFor(order, changes);
      payment.start(method, changes.now);
      return { paymentId: payment.id, attempt };
    },
  });
}

interface RecordPayment {
  readonly orderId: number;
  readonly paymentId: number;
  /** How it ended; `undefined` while nobody knows. */
  readonly settlement: Settlement | undefined;
  readonly webhook?: TakenWebhook | undefined;
}

/**
 * What a provider's word does to the payment and its order. It may be heard any number of times, from several sides
 * and in any order: money that was collected completes the order or goes back, and nothing undoes that.
 */
export const recordPayment = command({
  name: 'payments.record',

  load(rows, { orderId, settlement, webhook }: RecordPayment) {
    const order = rows.lock(Order, { id: orderId });
    const items = rows.findAll(OrderItem, { orderId });
    const payments = rows.lockAll(Payment, { orderId });
    const isPaid = settlement?.status === 'PAID';
    const productId = isPaid ? items.each('productId') : [];
    return {
      order,
      items,
      payments,
      namesake: isPaid ? rows.find(Payment, { transactionId: settlement.transactionId }) : undefined,
      taken: webhook && rows.find(ProviderWebhook, { ...webhook, outcome: 'ACCEPTED' }),
      products: rows.lockAll(Product, { id: productId }),
      sales: rows.lockAll(DailySale, { day: dayOf(rows.now, rows.settings.timeZone), productId }),
    };
  },

  decide(loaded, { paymentId, settlement: heard, webhook }, changes) {
    const { order, items, payments, namesake, taken, products, sales } = loaded;
    const payment = payments.find(({ id }) => id === paymentId);
    if (!order || !payment) throw new Error(`There is no payment ${paymentId}.`);
    if (taken) return toPayView(payment, order);

    const settlement = unlessForeign(heard, namesake, { kind: 'payment', id: paymentId });
    if (webhook)
      changes.add(ProviderWebhook, toProviderWebhook(webhook, providerKey('payment', paymentId), settlement));
    if (!settlement || payment.isCollected) return toPayView(payment, order);

    if (settlement.status === 'REFUSED') {
      const isNews = payment.status === 'PENDING' && payment.failureReason !== settlement.reason;
      if (isNews) payment.markDoubtful(settlement.reason, changes.now);
    } else if (settlement.status === 'FAILED') {
      if (payment.status !== 'PENDING') return toPayView(payment, order);
      payment.markFailed(settlement.reason, changes.now);
      changes.emit({
        type: 'payment.failed',
        aggregateType: 'payment',
        aggregateId: payment.id,
        aggregateVersion: payment.version,
        payload: {
          paymentId,
          orderId: order.id,
          userId: order.userId,
          method: payment.method ?? null,
          amount: payment.amount,
          reason: payment.failureReason ?? null,
        },
      });
    } else if (order.status === 'WAITING') {
      payment.markPaid(settlement.transactionId, changes.now);
      order.complete(changes.now);
      DailySale.countOrder(items, { products, sales }, changes);
      changes.emit(orderEvent('order.completed', order));
    } else {
      payment.markReturned(settlement.transactionId, changes);
    }
    return toPayView(payment, order);
  },
});

/** What a call to pay was answered, kept: the same call is answered alike, whatever becomes of the payment later. */
export const answerPay = command({
  name: 'payments.answer',
  load: (rows, { orderId, paymentId }: { orderId: number; paymentId: number }) => ({
    order: rows.find(Order, { id: orderId }),
    payment: rows.find(Payment, { id: paymentId }),
  }),
  decide({ order, payment }, { paymentId }) {
    if (!order || !payment) throw new Error(`There is no payment ${paymentId}.`);
    return toPayView(payment, order);
  },
});

/** A provider's word on a refund. */
export const recordRefund = command({
  name: 'payments.recordRefund',
  load: (rows, { refundId }: { refundId: number; transactionId: string | undefined }) => ({
    refund: rows.lock(Refund, { id: refundId }),
  }),
  decide({ refund }, { refundId, transactionId }, { now }) {
    if (!refund) throw new Error(`There is no refund ${refundId}.`);
    if (refund.status !== 'PENDING') return { isChanged: false };
    if (transactionId === undefined) refund.markFailed(now);
    else refund.markComplete(transactionId, now);
    return { isChanged: true };
  },
});

const DETAIL_LENGTH_MAX = 255;

/** Keeps that a message was refused, and why. */
export const recordRefusedWebhook = command({
  name: 'payments.refuseWebhook',
  load: () => ({}),
  decide(_loaded, { method, detail }: { method: string; detail: string }, changes) {
    changes.add(ProviderWebhook, {
      method,
      messageId: null,
      outcome: 'REFUSED',
      detail: detail.slice(0, DETAIL_LENGTH_MAX),
    });
    return {};
  },
});
