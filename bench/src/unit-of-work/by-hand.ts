import { createHash } from 'node:crypto';
import pg from 'pg';
import * as sql from './by-hand-statements.ts';
import type { Contender, OrderRequest } from './contender.ts';

/** More writers than this only wait for each other and for the processors. */
const CONNECTIONS_MAX = 10;

interface Answer {
  readonly id: number;
}

/**
 * The same orders as a careful engineer writes them without an ORM: one transaction each, prepared statements,
 * a conditional update in place of a lock, and the row that everybody wants touched last and so held shortest.
 */
export class ByHand implements Contender {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX });
  }

  async place(request: OrderRequest): Promise<Answer> {
    const requestHash = hashOf(request);
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      const answer = await placeIn(client, request, requestHash);
      await client.query('commit');
      return answer;
    } catch (error) {
      await client.query('rollback');
      if (isKeyTaken(error)) return await replay(client, request, requestHash);
      throw error;
    } finally {
      client.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}

async function placeIn(client: pg.ClientBase, request: OrderRequest, requestHash: string): Promise<Answer> {
  const { userId, productId, idempotencyKey } = request;
  const quantity = 1;
  const product = await one<{ name: string; description: string; price: string }>(client, sql.readProduct, [productId]);
  if (!product) throw new Error(`There is no product ${productId} on sale.`);
  const { name: productName, description } = product;
  const price = Number(product.price);
  const totalAmount = price * quantity;

  const order = await one<{ id: string; expires_at: Date; created_at: Date }>(client, sql.addOrder, [
    userId,
    totalAmount,
  ]);
  if (!order) throw new Error('The order was not added.');
  const orderId = Number(order.id);
  const times = { createdAt: order.created_at, updatedAt: order.created_at };
  await one(client, sql.addItem, [orderId, productId, productName, description, price, quantity]);
  const payment = await one<{ id: string }>(client, sql.addPayment, [orderId, totalAmount]);
  await one(client, sql.addStockEntry, [productId, -quantity, orderId]);
  const amounts = { totalAmount, discountAmount: 0, usedPoint: 0, payableAmount: totalAmount };
  await one(client, sql.addEvent, [orderId, JSON.stringify({ orderId, userId, ...amounts })]);

  const answer = {
    id: orderId,
    userId,
    status: 'WAITING',
    items: [{ productId, productName, description, price, quantity, amount: totalAmount }],
    ...amounts,
    payment: {
      id: Number(payment?.id),
      orderId,
      method: null,
      amount: totalAmount,
      status: 'PENDING',
      transactionId: null,
      version: 1,
      ...times,
    },
    cartId: null,
    userCouponId: null,
    expiresAt: order.expires_at,
    version: 1,
    ...times,
  };
  await one(client, sql.addRecord, [principalOf(userId), idempotencyKey, requestHash, JSON.stringify(answer)]);

  const stock = await one<{ quantity: string }>(client, sql.takeStock, [productId, quantity]);
  if (!stock) throw new Error(`Product ${productId} is sold out.`);
  await one(client, sql.copyStock, [productId, stock.quantity]);
  return answer;
}

// The record is written without a look whether there is one: a repeated key is rare, and the primary key finds it.
async function replay(client: pg.ClientBase, request: OrderRequest, requestHash: string): Promise<Answer> {
  const key = [principalOf(request.userId), request.idempotencyKey];
  const record = await one<{ request_hash: string; answer: string }>(client, sql.readRecord, key);
  if (record?.request_hash !== requestHash) throw new Error('The idempotency key was used for another request.');
  return JSON.parse(record.answer);
}

function isKeyTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'idempotency_records_pkey';
}

async function one<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<Row | undefined> {
  const { rows } = await client.query<Row>({ ...statement, values: [...values] });
  return rows[0];
}

function hashOf({ userId, productId, idempotencyKey }: OrderRequest): string {
  return createHash('sha256').update(JSON.stringify({ userId, productId, idempotencyKey })).digest('hex');
}

function principalOf(userId: number): string {
  return `customer:${userId}`;
}
