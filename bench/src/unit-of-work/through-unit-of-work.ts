import { placeOrder } from '@baguni/api';
import { type Database, openDatabase, UnitOfWork } from '@baguni/db';
import type { Contender, OrderRequest } from './contender.ts';

/** Places orders as the server does: by its own command, through the unit of work. */
export class ThroughUnitOfWork implements Contender {
  readonly #database: Database;
  readonly #unitOfWork: UnitOfWork;

  static async open(url: string): Promise<ThroughUnitOfWork> {
    return new ThroughUnitOfWork(await openDatabase(url));
  }

  private constructor(database: Database) {
    this.#database = database;
    this.#unitOfWork = new UnitOfWork(this.#database);
  }

  async place({ userId, productId, idempotencyKey }: OrderRequest): Promise<{ readonly id: number }> {
    return this.#unitOfWork.execute(placeOrder, {
      input: { userId, items: [{ productId, quantity: 1 }], idempotencyKey },
      actor: { kind: 'customer', userId },
      idempotencyKey,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#unitOfWork.drain();
    await this.#database.close();
  }
}
