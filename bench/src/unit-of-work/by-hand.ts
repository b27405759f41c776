import type pg from 'pg';
import { openPool } from '../by-hand/database.ts';
import { placeOrder } from '../by-hand/orders.ts';
import type { Contender, OrderRequest } from './contender.ts';

/** Places the same orders in hand-written SQL. */
export class ByHand implements Contender {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = openPool(url);
  }

  async place({ userId, productId, idempotencyKey }: OrderRequest): Promise<{ readonly id: number }> {
    return placeOrder(this.#pool, { userId, items: [{ productId, quantity: 1 }], idempotencyKey });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}
