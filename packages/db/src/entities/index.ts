import { ApiKey } from './api-key.ts';
import { Cart } from './cart.ts';
import { CartItem } from './cart-item.ts';
import { Coupon } from './coupon.ts';
import { DailySale } from './daily-sale.ts';
import { EventDelivery } from './event-delivery.ts';
import { EventEndpoint } from './event-endpoint.ts';
import { IdempotencyRecord } from './idempotency-record.ts';
import { Order } from './order.ts';
import { OrderItem } from './order-item.ts';
import { OutboxEvent } from './outbox-event.ts';
import { Payment } from './payment.ts';
import { PointCharge } from './point-charge.ts';
import { PointEntry } from './point-entry.ts';
import { PointWallet } from './point-wallet.ts';
import { Product } from './product.ts';
import { ProviderWebhook } from './provider-webhook.ts';
import { Refund } from './refund.ts';
import { RefundItem } from './refund-item.ts';
import { Stock } from './stock.ts';
import { StockEntry } from './stock-entry.ts';
import { User } from './user.ts';
import { UserCoupon } from './user-coupon.ts';

export { DISCOUNT_TYPES, type DiscountType } from './coupon.ts';
export { dayOf } from './daily-sale.ts';
export { EVENT_DELIVERY_STATUSES, type EventDeliveryStatus } from './event-delivery.ts';
export { ORDER_STATUSES, type OrderStatus, payableAmountOf } from './order.ts';
export { PAYMENT_STATUSES, type PaymentStatus } from './payment.ts';
export { POINT_CHARGE_STATUSES, type PointChargeStatus } from './point-charge.ts';
export { POINT_ENTRY_TYPES, type PointEntryType } from './point-entry.ts';
export { foldForSearch, PRODUCT_STATUSES, type ProductStatus } from './product.ts';
export { REFUND_STATUSES, type RefundStatus } from './refund.ts';
export { STOCK_QUANTITY_MAX } from './stock.ts';
export { assertVersion } from './versioned.ts';
export {
  ApiKey,
  Cart,
  CartItem,
  Coupon,
  DailySale,
  EventDelivery,
  EventEndpoint,
  IdempotencyRecord,
  Order,
  OrderItem,
  OutboxEvent,
  Payment,
  PointCharge,
  PointEntry,
  PointWallet,
  Product,
  ProviderWebhook,
  Refund,
  RefundItem,
  Stock,
  StockEntry,
  User,
  UserCoupon,
};

export const entities = [
  User,
  PointCharge,
  Refund,
  RefundItem,
  ProviderWebhook,
  EventEndpoint,
  EventDelivery,
  DailySale,
  PointWallet,
  PointEntry,
  Product,
  Stock,
  StockEntry,
  Coupon,
  UserCoupon,
  Cart,
  CartItem,
  Order,
  OrderItem,
  Payment,
  OutboxEvent,
  IdempotencyRecord,
  ApiKey,
];
