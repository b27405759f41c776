import type { OrderStatus } from './entities/order.ts';

/**
 * Every reason for which Baguni refuses a call, with the details that go with it.
 * The list is closed: a client may switch over it. `docs/errors.md` says what a caller should do.
 */
export interface ReasonDetails {
  /** The input has not the right shape; `details.issues` name each field. Mend the call. */
  INPUT_INVALID: { issues: { path: string; message: string }[] };
  /** No valid token or key, or it has expired. Get a new token. */
  UNAUTHENTICATED: Record<never, never>;
  /** The caller is known but may not do this. Call as somebody else. */
  FORBIDDEN: Record<never, never>;
  /** There is no such procedure or page. Check the name. */
  PROCEDURE_NOT_FOUND: Record<never, never>;
  /** A query was sent with POST, or a mutation with GET. Use the SDK. */
  METHOD_NOT_SUPPORTED: Record<never, never>;
  /** The body is not `application/json`. Send JSON. */
  MEDIA_TYPE_NOT_SUPPORTED: Record<never, never>;
  /** More than 64 KiB; 4 MiB where many products change at once. Send less at once. */
  REQUEST_TOO_LARGE: Record<never, never>;
  /** Something failed inside; `details.requestId` finds it in the log. Tell whoever runs the server. */
  INTERNAL: { requestId: string };

  /** `expectedVersion` is not `details.currentVersion`. Read again, decide again. */
  VERSION_CONFLICT: { expectedVersion: number; currentVersion: number };
  /** The key was used for another request. Use a new key for each request. */
  IDEMPOTENCY_KEY_REUSED: { idempotencyKey: string };
  /**
   * More work is waiting than the server takes on. Wait `details.retryAfterMs`, then the same call with the same key.
   */
  OVERLOADED: { retryAfterMs: number };
  /** The database cannot be reached. Wait `details.retryAfterMs`, then the same call with the same key. */
  UNAVAILABLE: { retryAfterMs: number };
  /** Something broke while it was being done: it may have been done. The same call with the same key tells. */
  OUTCOME_UNKNOWN: { retryAfterMs: number };

  /** There is no such user, or it is not the caller. Check `details.userId`. */
  USER_NOT_FOUND: { userId: number };
  /** Another user has that `externalId`. Use the user that is there. */
  EXTERNAL_ID_TAKEN: { externalId: string };
  /** The user has `details.externalId`, given once. Leave the id as it is. */
  EXTERNAL_ID_SET: { externalId: string };

  /** The wallet holds `details.available`. Use fewer points. */
  POINTS_INSUFFICIENT: { requested: number; available: number };
  /** The wallet would hold more than `details.limit`. Charge less. */
  POINT_BALANCE_LIMIT: { limit: number; balance: number };

  /** There is no such product, or it is hidden. Take it off the page. */
  PRODUCT_NOT_FOUND: { productId: number };
  /** The product is hidden from sale. Take it out of the cart. */
  PRODUCT_NOT_ON_SALE: { productId: number };
  /** `details.available` pieces are left. Order fewer. */
  STOCK_INSUFFICIENT: { productId: number; requested: number; available: number };
  /** The stock would hold more than `details.limit`. Add less. */
  STOCK_LIMIT: { productId: number; limit: number; quantity: number };

  /** There is no such coupon. Check `details.couponId`. */
  COUPON_NOT_FOUND: { couponId: number };
  /** The caller holds no such coupon. Take an id from `coupons.mine`. */
  USER_COUPON_NOT_FOUND: { userCouponId: number };
  /** It can be claimed from `details.startsAt` on. Wait. */
  COUPON_NOT_STARTED: { couponId: number; startsAt: Date };
  /** It ended at `details.expiresAt`. Go on without it. */
  COUPON_EXPIRED: { couponId: number; expiresAt: Date };
  /** All `details.totalQuantity` are claimed. Go on without it. */
  COUPON_EXHAUSTED: { couponId: number; totalQuantity: number };
  /** The caller has it: `details.userCouponId`. Use that one. */
  COUPON_ALREADY_CLAIMED: { couponId: number; userCouponId: number };
  /** It was used at `details.usedAt`. Go on without it. */
  COUPON_ALREADY_USED: { userCouponId: number; usedAt: Date };
  /** An admin took it back at `details.revokedAt`. Go on without it. */
  COUPON_REVOKED: { userCouponId: number; revokedAt: Date };
  /** `details.issuedQuantity` of it are issued. Name at least that many. */
  COUPON_QUANTITY_BELOW_ISSUED: { totalQuantity: number; issuedQuantity: number };
  /** The order must total `details.minOrderAmount`. Add to the order. */
  COUPON_MINIMUM_NOT_MET: { minOrderAmount: number; totalAmount: number };

  /** The URL leads to an address that is not public. Register a public one. */
  ENDPOINT_URL_REFUSED: { url: string };
  /** There is no such endpoint. Check `details.endpointId`. */
  ENDPOINT_NOT_FOUND: { endpointId: number };
  /** No such event has been published. Check `details.eventId`. */
  EVENT_NOT_FOUND: { eventId: number };

  /** There is nothing to order. Fill the cart. */
  CART_EMPTY: Record<never, never>;
  /** The product is not in the cart. Read the cart again. */
  CART_ITEM_NOT_FOUND: { productId: number };
  /** A cart holds `details.limit` lines. Order in two parts. */
  CART_LINES_LIMIT: { limit: number };
  /** A line holds `details.limit` pieces. Order in two parts. */
  CART_QUANTITY_LIMIT: { productId: number; limit: number };

  /** The caller has no such order. Check `details.orderId`. */
  ORDER_NOT_FOUND: { orderId: number };
  /** The order totals `details.totalAmount` now. Show the new total, ask again. */
  ORDER_TOTAL_CHANGED: { expectedTotalAmount: number; totalAmount: number };
  /** Only `details.payable` is left to pay. Use fewer points. */
  POINTS_EXCEED_PAYABLE: { requested: number; payable: number };
  /** Nothing was paid, or nothing of it is left. Read the order again. */
  ORDER_NOT_REFUNDABLE: { orderId: number; status: OrderStatus };
  /** `details.refundable` pieces can still go back. Refund fewer. */
  REFUND_EXCEEDS_ORDER: { productId: number; requested: number; refundable: number };
  /** It is `details.status`, or its time is over. Read the order again. */
  ORDER_NOT_WAITING: { orderId: number; status: OrderStatus };

  /** The shop has no provider `details.method`. Offer another way to pay. */
  PAYMENT_METHOD_UNKNOWN: { method: string };
  /** `details.paymentId` is under way. Wait for how it ends. */
  PAYMENT_IN_PROGRESS: { paymentId: number };
  /** A provider's message is not to be trusted. Check the provider's secret. */
  WEBHOOK_REFUSED: Record<never, never>;
}

/** The name of a refusal, for programs; people read the message. */
export type Reason = keyof ReasonDetails;

/** A call refused for a reason that the caller can act on. Throwing it has changed nothing. */
export class DomainError<R extends Reason = Reason> extends Error {
  override readonly name = 'DomainError';
  readonly reason: R;
  readonly details: ReasonDetails[R];

  constructor(reason: R, message: string, details: ReasonDetails[R], options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.details = details;
  }
}
