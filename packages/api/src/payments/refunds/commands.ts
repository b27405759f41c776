import {
  assertVersion,
  Coupon,
  command,
  DailySale,
  dayOf,
  Order,
  OrderItem,
  Payment,
  PointWallet,
  Product,
  Refund,
  RefundItem,
  Stock,
  UserCoupon,
} from '@baguni/db';
import { giveBack, orderNotFound } from '../../orders/rules.ts';
import { assertRefundable, planRefund } from './rules.ts';
import type { RefundPaymentInput, RefundView } from './schema.ts';

/**
 * Gives back a complete order, or pieces of it, in one commit: pieces to the stock, points to the wallet, the coupon with
 * the whole of it. Money is noted as due; the payment's provider is asked for it once that is committed.
 */
export const refundPayment = command({
  name: 'payments.refund',

  async load(rows, { orderId, items: asked }: RefundPaymentInput) {
    const order = rows.find(Order, { id: orderId });
    const ordered = rows.findAll(OrderItem, { orderId });
    await order.arrival();
    const found = order.current();
    // Of a complete order, who ordered what never changes; only one that is not complete may be so by the time of the
    // decision, so the load goes by that.
    if (!found?.completedAt) await order;
    await ordered.arrival();
    const productId = (asked ?? ordered.current()).map((line) => line.productId);
    const holding = found?.userCouponId == null ? undefined : rows.find(UserCoupon, { id: found.userCouponId });
    await holding?.arrival();
    const held = holding?.current();
    const day = found?.completedAt && dayOf(found.completedAt, rows.settings.timeZone);
    return {
      wallet: found && found.usedPoint > 0 ? rows.lock(PointWallet, { userId: found.userId }) : undefined,
      order: rows.lock(Order, { id: orderId }),
      items: rows.lockAll(OrderItem, { orderId }),
      payment: rows.lock(Payment, { orderId, status: 'PAID' }),
      coupon: held && rows.lock(Coupon, { id: held.couponId }),
      held: held && rows.lock(UserCoupon, { id: held.id }),
      stocks: rows.lockAll(Stock, { productId }),
      products: rows.lockAll(Product, { id: productId }),
      sales: day == null ? undefined : rows.lockAll(DailySale, { day, productId }),
    };
  },

  decide({ order, items, payment, sales = [], ...sources }, input, changes): RefundView {
    const { orderId, expectedVersion, reason = null } = input;
    if (!order) throw orderNotFound(orderId);
    assertRefundable(order);
    assertVersion(order, expectedVersion);
    const { lines, amount, points, isWhole } = planRefund(order, items, input.items);
    if (!payment) throw new Error(`Order ${orderId} is complete without a payment.`);

    const back = lines.map(({ line: { productId }, quantity }) => ({ productId, quantity }));
    giveBack(order, { reason: 'REFUND', lines: back, points, hasCoupon: isWhole }, sources, changes);
    for (const { line, quantity, amount } of lines) {
      line.refund(quantity, changes.now);
      const product = sources.products.find(({ id }) => id === line.productId);
      const sale = sales.find(({ productId }) => productId === line.productId);
      if (!product || !sale)
        throw new Error(`The sale of product ${line.productId} in order ${orderId} is not counted.`);
      sale.takeOff(quantity, amount, product, changes.now);
    }
    payment.refund(amount, isWhole, changes.now);
    order.refund(isWhole, changes.now);
    const refund = changes.add(Refund, {
      orderId,
      paymentId: payment.id,
      amount,
      points,
      isWhole,
      reason,
      status: amount === 0 ? 'COMPLETE' : 'PENDING',
      transactionId: null,
    });
    for (const { line, quantity, amount } of lines) {
      changes.add(RefundItem, { refundId: refund.id, orderItemId: line.id, quantity, amount });
    }

    const view = {
      id: refund.id,
      orderId,
      paymentId: payment.id,
      items: lines.map(({ line: { productId }, quantity, amount }) => ({ productId, quantity, amount })),
      amount,
      points,
      status: refund.status,
      isWhole,
      orderStatus: order.status,
      reason,
      createdAt: refund.createdAt,
    };
    changes.emit({
      type: isWhole ? 'order.refunded' : 'order.part_refunded',
      aggregateType: 'order',
      aggregateId: orderId,
      aggregateVersion: order.version,
      payload: { orderId, userId: order.userId, refundId: refund.id, amount, points, items: view.items, reason },
    });
    return view;
  },
});
