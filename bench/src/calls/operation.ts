/** What a visitor or a customer asks of a shop, whichever server it is. */
export type Operation =
  | { readonly kind: 'browse' }
  | { readonly kind: 'read'; readonly productId: number }
  | { readonly kind: 'history'; readonly userId: number }
  | { readonly kind: 'orders'; readonly userId: number }
  /** Everybody's orders, for an admin. */
  | { readonly kind: 'all-orders' }
  | { readonly kind: 'best-sellers' }
  | { readonly kind: 'add'; readonly userId: number; readonly productId: number; readonly key: string }
  | { readonly kind: 'place'; readonly userId: number; readonly productId: number; readonly key: string }
  | {
      readonly kind: 'claim';
      readonly userId: number;
      readonly couponId: number;
      readonly key: string;
      /** What must be answered. */
      readonly expected: 'issued' | 'exhausted' | 'either';
    };

export const PAGE_SIZE = 20;

/** One HTTP request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How operations travel to one kind of server. */
export interface Wire {
  /** One request for these operations; several only where `batches` says so. */
  request(operations: readonly Operation[], tokenOf: (caller: Caller) => string): HttpRequest;
  readonly batches: boolean;
}

/** Who shows a token: a customer, by id, or the admin. */
export type Caller = number | 'admin';

/** Whose operation it is; nobody's when anonymous visitors may ask. */
export function callerOf(operation: Operation): Caller | undefined {
  if (operation.kind === 'all-orders') return 'admin';
  return 'userId' in operation ? operation.userId : undefined;
}
