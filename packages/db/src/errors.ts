import type { OrderStatus } from './entities/order.ts';

/**
 * Every reason for which Baguni refuses a call, with the details that go with it.
 * The list is closed: a client may switch over it. `docs/errors.md` says what a caller should do.
 */
export interface ReasonDetails {
  /** The input does not have the right shape; `issues` name the fields. */
  INPUT_INVALID: { issues: { path: string; message: string }[] };
  /** No valid token or key came with the call. */
  UNAUTHENTICATED: Record<never, never>;
  /** The caller is known but may not do this. */
  FORBIDDEN: Record<never, never>;
  /** There is no procedure of that name. */
  PROCEDURE_NOT_FOUND: Record<never, never>;
  /** Queries are sent with GET and mutations with POST. */
  METHOD_NOT_SUPPORTED: Record<never, never>;
  /** The body is not JSON. */
  MEDIA_TYPE_NOT_SUPPORTED: Record<never, never>;
  /** The request is larger than the server takes. */
  REQUEST_TOO_LARGE: Record<never, never>;
  /** Something failed inside the server; `requestId` finds it in the log. */
  INTERNAL: { requestId: string };

  /** `expectedVersion` is not the current one: read again, then decide again. */
  VERSION_CONFLICT: { expectedVersion: number; currentVersion: number };
  /** The idempotency key was used before with another request. */
  IDEMPOTENCY_KEY_REUSED: { idempotencyKey: string };
  /** More work is waiting than the server takes on; nothing was changed. */
  OVERLOADED: { retryAfterMs: number };
  /** The database could not be reached; nothing was changed. */
  UNAVAILABLE: { retryAfterMs: number };
  /** The connection broke while committing: ask again with the same idempotency key. */
  OUTCOME_UNKNOWN: { retryAfterMs: number };

  USER_NOT_FOUND: { userId: number };
  EXTERNAL_ID_TAKEN: { externalId: string };
  /** The user has another external id, and it is given once. */
  EXTERNAL_ID_SET: { externalId: string };

  POINTS_INSUFFICIENT: { requested: number; available: number };
  /** The wallet would hold more points than a wallet may. */
  POINT_BALANCE_LIMIT: { limit: number; balance: number };

  PRODUCT_NOT_FOUND: { productId: number };
  /** The product exists but is hidden from sale. */
  PRODUCT_NOT_ON_SALE: { productId: number };
  STOCK_INSUFFICIENT: { productId: number; requested: number; available: number };
  /** The stock would grow past what a stock may hold. */
  STOCK_LIMIT: { productId: number; limit: number; quantity: number };

  COUPON_NOT_FOUND: { couponId: number };
  /** The caller holds no such coupon. */
  USER_COUPON_NOT_FOUND: { userCouponId: number };
  COUPON_NOT_STARTED: { couponId: number; startsAt: Date };
  COUPON_EXPIRED: { couponId: number; expiresAt: Date };
  COUPON_EXHAUSTED: { couponId: number; totalQuantity: number };
  COUPON_ALREADY_CLAIMED: { couponId: number; userCouponId: number };
  COUPON_ALREADY_USED: { userCouponId: number; usedAt: Date };
  /** An admin took the coupon back. */
  COUPON_REVOKED: { userCouponId: number; revokedAt: Date };
  /** More of the coupon are issued than there would be. */
  COUPON_QUANTITY_BELOW_ISSUED: { totalQuantity: number; issuedQuantity: number };
  COUPON_MINIMUM_NOT_MET: { minOrderAmount: number; totalAmount: number };

  /** The URL leads to an address that is not public. */
  ENDPOINT_URL_REFUSED: { url: string };
  ENDPOINT_NOT_FOUND: { endpointId: number };
  /** There is no such event, or it is not published yet. */
  EVENT_NOT_FOUND: { eventId: number };

  CART_EMPTY: Record<never, never>;
  CART_ITEM_NOT_FOUND: { productId: number };
  /** The cart would hold more lines than a cart may. */
  CART_LINES_LIMIT: { limit: number };
  /** The line would hold more pieces than a line may. */
  CART_QUANTITY_LIMIT: { productId: number; limit: number };

  ORDER_NOT_FOUND: { orderId: number };
  /** The order's total is not the one the caller expected; prices or lines changed since. */
  ORDER_TOTAL_CHANGED: { expectedTotalAmount: number; totalAmount: number };
  /** More points are offered than the order leaves to pay. */
  POINTS_EXCEED_PAYABLE: { requested: number; payable: number };
  /** Only a COMPLETE order can be refunded, until nothing of it is left. */
  ORDER_NOT_REFUNDABLE: { orderId: number; status: OrderStatus };
  /** More pieces are to go back than are left of what was ordered. */
  REFUND_EXCEEDS_ORDER: { productId: number; requested: number; refundable: number };
  /** Only a WAITING order can be paid or cancelled, and paid only until its time is over. */
  ORDER_NOT_WAITING: { orderId: number; status: OrderStatus };

  /** The shop has no payment provider of that name. */
  PAYMENT_METHOD_UNKNOWN: { method: string };
  /** An attempt to pay the order is under way; only its provider knows how it ends. */
  PAYMENT_IN_PROGRESS: { paymentId: number };
  /** A provider's message was not signed by it, is too old, or is about nothing of ours. */
  WEBHOOK_REFUSED: Record<never, never>;
}

/** The name of a refusal, for programs; people read the message. */
export type Reason = keyof ReasonDetails;

/** A call refused for a reason that the caller can act on. Throwing it has changed nothing. */
export class DomainError<R extends Reason = Reason> extends Error {
  override readonly name = 'DomainError';
  readonly reason: R;
  readonly details: ReasonDetails[R];

  constructor(reason: R, message: string, details: ReasonDetails[R]) {
    super(message);
    this.reason = reason;
    this.details = details;
  }
}
