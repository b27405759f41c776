/** What an order comes to. */
interface OrderAmounts {
  orderId: number;
  userId: number;
  totalAmount: number;
  discountAmount: number;
  usedPoint: number;
  /** What is left to pay once discount and points are taken off. */
  payableAmount: number;
}

/** What went back of an order. */
interface RefundedAmounts {
  orderId: number;
  userId: number;
  refundId: number;
  /** Money that goes back to the customer. */
  amount: number;
  /** Points that go back to the wallet. */
  points: number;
  items: {
    productId: number;
    quantity: number;
    /** What these pieces give back, in money and points together. */
    amount: number;
  }[];
  /** Why, as the admin put it. */
  reason: string | null;
}

interface StockLevel {
  productId: number;
  /** How many pieces are left. */
  quantity: number;
}

/**
 * What happens in a shop that those outside may want to know, with the payload of each event.
 * Adding a field keeps a payload's version; removing or renaming one, or giving it another meaning, raises it.
 */
export interface EventPayloads {
  'order.placed': OrderAmounts;
  'order.completed': OrderAmounts;
  'order.cancelled': OrderAmounts & {
    /** The customer cancelled it, or it was not paid before it expired. */
    reason: 'customer' | 'expired';
  };
  /** All of an order went back. */
  'order.refunded': RefundedAmounts;
  /** A part of an order went back. */
  'order.part_refunded': RefundedAmounts;
  'payment.failed': {
    paymentId: number;
    orderId: number;
    userId: number;
    amount: number;
    method: string | null;
    /** What the provider said. */
    reason: string | null;
  };
  'coupon.issued': { couponId: number; userCouponId: number; userId: number };
  /** The last one was issued. */
  'coupon.exhausted': { couponId: number; totalQuantity: number };
  /** The stock fell to the shop's low mark. */
  'stock.low': StockLevel & { lowAt: number };
  /** The last piece is gone. */
  'stock.out': StockLevel;
  'points.charged': { userId: number; pointEntryId: number; amount: number; balanceAfter: number };
}

export type EventType = keyof EventPayloads;

/** Which form the payloads of each type have now. */
export const EVENT_VERSIONS: Readonly<Record<EventType, number>> = {
  'order.placed': 1,
  'order.completed': 1,
  'order.cancelled': 1,
  'order.refunded': 1,
  'order.part_refunded': 1,
  'payment.failed': 1,
  'coupon.issued': 1,
  'coupon.exhausted': 1,
  'stock.low': 1,
  'stock.out': 1,
  'points.charged': 1,
};

/** What an event is about. The events of one aggregate keep their order. */
export const AGGREGATE_TYPES = ['order', 'payment', 'coupon', 'product', 'wallet'] as const;
export type AggregateType = (typeof AGGREGATE_TYPES)[number];

/** Something that happened, for those outside: stored in the outbox with the change itself. */
export type NewEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly aggregateType: AggregateType;
    readonly aggregateId: number;
    /** The aggregate's version after the change. */
    readonly aggregateVersion: number;
    readonly payload: EventPayloads[Type];
  };
}[EventType];
