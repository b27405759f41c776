import { DomainError, type Reason, type ReasonDetails } from '@baguni/db';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';

export { DomainError, type Reason, type ReasonDetails };

interface Treatment {
  readonly code: TRPC_ERROR_CODE_KEY;
  /** Whether the same call may succeed later, with the same idempotency key. */
  readonly retryable?: true;
}

/** How each reason travels: the tRPC code, which also sets the HTTP status. `docs/errors.md` explains each. */
export const TREATMENTS = {
  INPUT_INVALID: { code: 'BAD_REQUEST' },
  UNAUTHENTICATED: { code: 'UNAUTHORIZED' },
  FORBIDDEN: { code: 'FORBIDDEN' },
  PROCEDURE_NOT_FOUND: { code: 'NOT_FOUND' },
  METHOD_NOT_SUPPORTED: { code: 'METHOD_NOT_SUPPORTED' },
  MEDIA_TYPE_NOT_SUPPORTED: { code: 'UNSUPPORTED_MEDIA_TYPE' },
  REQUEST_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE' },
  INTERNAL: { code: 'INTERNAL_SERVER_ERROR' },

  VERSION_CONFLICT: { code: 'CONFLICT' },
  IDEMPOTENCY_KEY_REUSED: { code: 'UNPROCESSABLE_CONTENT' },
  OVERLOADED: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  UNAVAILABLE: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  OUTCOME_UNKNOWN: { code: 'SERVICE_UNAVAILABLE', retryable: true },

  USER_NOT_FOUND: { code: 'NOT_FOUND' },
  EXTERNAL_ID_TAKEN: { code: 'CONFLICT' },
  EXTERNAL_ID_SET: { code: 'CONFLICT' },
  POINTS_INSUFFICIENT: { code: 'CONFLICT' },
  POINT_BALANCE_LIMIT: { code: 'CONFLICT' },
  PRODUCT_NOT_FOUND: { code: 'NOT_FOUND' },
  PRODUCT_NOT_ON_SALE: { code: 'CONFLICT' },
  STOCK_INSUFFICIENT: { code: 'CONFLICT' },
  STOCK_LIMIT: { code: 'CONFLICT' },
  COUPON_NOT_FOUND: { code: 'NOT_FOUND' },
  USER_COUPON_NOT_FOUND: { code: 'NOT_FOUND' },
  COUPON_NOT_STARTED: { code: 'CONFLICT' },
  COUPON_EXPIRED: { code: 'CONFLICT' },
  COUPON_EXHAUSTED: { code: 'CONFLICT' },
  COUPON_ALREADY_CLAIMED: { code: 'CONFLICT' },
  COUPON_ALREADY_USED: { code: 'CONFLICT' },
  COUPON_REVOKED: { code: 'CONFLICT' },
  COUPON_QUANTITY_BELOW_ISSUED: { code: 'CONFLICT' },
  COUPON_MINIMUM_NOT_MET: { code: 'CONFLICT' },
  ENDPOINT_URL_REFUSED: { code: 'BAD_REQUEST' },
  ENDPOINT_NOT_FOUND: { code: 'NOT_FOUND' },
  EVENT_NOT_FOUND: { code: 'NOT_FOUND' },
  CART_EMPTY: { code: 'CONFLICT' },
  CART_ITEM_NOT_FOUND: { code: 'NOT_FOUND' },
  CART_LINES_LIMIT: { code: 'CONFLICT' },
  CART_QUANTITY_LIMIT: { code: 'CONFLICT' },
  ORDER_NOT_FOUND: { code: 'NOT_FOUND' },
  ORDER_TOTAL_CHANGED: { code: 'CONFLICT' },
  POINTS_EXCEED_PAYABLE: { code: 'CONFLICT' },
  ORDER_NOT_WAITING: { code: 'CONFLICT' },
  ORDER_NOT_REFUNDABLE: { code: 'CONFLICT' },
  REFUND_EXCEEDS_ORDER: { code: 'CONFLICT' },
  PAYMENT_METHOD_UNKNOWN: { code: 'BAD_REQUEST' },
  PAYMENT_IN_PROGRESS: { code: 'CONFLICT' },
  WEBHOOK_REFUSED: { code: 'BAD_REQUEST' },
} as const satisfies Record<Reason, Treatment>;

export function isRetryable(reason: Reason): boolean {
  return 'retryable' in TREATMENTS[reason];
}
