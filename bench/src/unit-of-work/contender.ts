/** An order of one line, one piece, with neither coupon nor points: most of it is left to pay. */
export interface OrderRequest {
  readonly userId: number;
  readonly productId: number;
  readonly idempotencyKey: string;
}

/** One way to place orders. */
export interface Contender extends AsyncDisposable {
  /** Answers once the order is committed. */
  place(request: OrderRequest): Promise<{ readonly id: number }>;
}
