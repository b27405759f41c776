import type pg from 'pg';
import { many, one } from './database.ts';
import { type Call, callOf, once, recordAnswer } from './once.ts';
import { Refusal } from './refusal.ts';

/** One product to order, and how many pieces of it. */
export interface OrderLine {
  readonly productId: number;
  readonly quantity: number;
}

export interface OrderRequest {
  readonly userId: number;
  readonly items: readonly OrderLine[];
  readonly idempotencyKey: string;
}

interface ProductRow {
  id: number;
  name: string;
  description: string;
  price: number;
  status: string;
}

const readProducts = {
  name: 'read-products',
  text: 'select id, name, description, price, status from products where id = any($1)',
};

const addOrder = {
  name: 'add-order',
  text: `insert into orders (user_id, status, total_amount, discount_amount, used_point, expires_at, version, created_at, updated_at)
    values ($1, 'WAITING', $2, 0, 0, now() + interval '15 minutes', 1, now(), now())
    returning id, expires_at, created_at`,
};

const addItem = {
  name: 'add-item',
  text: `insert into order_items (order_id, product_id, product_name, description, price, quantity, discount_amount,
      refunded_quantity, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, 0, 0, now(), now())`,
};

const addPayment = {
  name: 'add-payment',
  text: `insert into payments (order_id, amount, status, refunded_amount, version, created_at, updated_at)
    values ($1, $2, 'PENDING', 0, 1, now(), now()) returning id`,
};

const addStockEntry = {
  name: 'add-stock-entry',
  text: `insert into stock_entries (product_id, reason, quantity, order_id, created_at, updated_at)
    values ($1, 'ORDER', $2, $3, now(), now())`,
};

const addEvent = {
  name: 'add-order-event',
  text: `insert into outbox_events (type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload,
      created_at, updated_at)
    values ('order.placed', 'order', $1, 1, 1, $2, now(), now())`,
};

const takeStock = {
  name: 'take-stock',
  text: `update stocks set quantity = quantity - $2, version = version + 1, updated_at = now()
    where product_id = $1 and quantity >= $2 returning quantity`,
};

const copyStock = {
  name: 'copy-stock',
  text: 'update products set quantity = $2, version = version + 1, updated_at = now() where id = $1 returning version',
};

const addStockEvent = {
  name: 'add-stock-event',
  text: `insert into outbox_events (type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload,
      created_at, updated_at)
    values ($1, 'product', $2, $3, 1, $4, now(), now())`,
};

/** A stock that falls to this many pieces is low. */
const STOCK_LOW_AT = 5;

/**
 * Places an order as a careful engineer writes it without an ORM: one transaction, prepared statements, a conditional
 * update in place of a lock, and the row that everybody wants touched last and so held shortest.
 */
export async function placeOrder(pool: pg.Pool, { userId, items, idempotencyKey }: OrderRequest) {
  const call = callOf('orders.place', userId, idempotencyKey, items);
  return once(pool, call, (client) => place(client, userId, items, call));
}

async function place(client: pg.ClientBase, userId: number, lines: readonly OrderLine[], call: Call) {
  const productIds = lines.map(({ productId }) => productId);
  if (new Set(productIds).size < lines.length) {
    throw new Refusal(400, 'INPUT_INVALID', 'items: Must name each product once.');
  }
  const rows = await many<ProductRow>(client, readProducts, [productIds]);
  const products = new Map(rows.map((product) => [product.id, product]));
  const bought = lines.map((line) => ({ ...line, product: productOf(products, line.productId) }));
  const totalAmount = bought.reduce((total, { quantity, product }) => total + product.price * quantity, 0);

  const order = await one<{ id: number; expires_at: Date; created_at: Date }>(client, addOrder, [userId, totalAmount]);
  if (!order) throw new Error('The order was not added.');
  const { id: orderId, created_at: createdAt, expires_at: expiresAt } = order;
  for (const { productId, quantity, product } of bought) {
    const { name, description, price } = product;
    await one(client, addItem, [orderId, productId, name, description, price, quantity]);
    await one(client, addStockEntry, [productId, -quantity, orderId]);
  }
  const payment = await one<{ id: number }>(client, addPayment, [orderId, totalAmount]);
  const amounts = { totalAmount, discountAmount: 0, usedPoint: 0, payableAmount: totalAmount };
  await one(client, addEvent, [orderId, JSON.stringify({ orderId, userId, ...amounts })]);

  const times = { createdAt, updatedAt: createdAt };
  const answer = {
    id: orderId,
    userId,
    status: 'WAITING',
    items: bought.map(({ productId, quantity, product: { name: productName, description, price } }) => ({
      productId,
      productName,
      description,
      price,
      quantity,
      amount: price * quantity,
      discountAmount: 0,
      refundedQuantity: 0,
    })),
    ...amounts,
    payment: {
      id: payment?.id,
      orderId,
      method: null,
      amount: totalAmount,
      status: 'PENDING',
      refundedAmount: 0,
      transactionId: null,
      failureReason: null,
      version: 1,
      ...times,
    },
    cartId: null,
    userCouponId: null,
    expiresAt,
    completedAt: null,
    version: 1,
    ...times,
  };
  await recordAnswer(client, call, answer);
  // Everybody takes stocks in the order of their products, so that no two orders wait for each other.
  for (const line of lines.toSorted((a, b) => a.productId - b.productId)) await take(client, line);
  return answer;
}

function productOf(products: ReadonlyMap<number, ProductRow>, productId: number): ProductRow {
  const product = products.get(productId);
  if (!product) throw new Refusal(404, 'PRODUCT_NOT_FOUND', `There is no product ${productId}.`);
  if (product.status === 'ON_SALE') return product;
  throw new Refusal(409, 'PRODUCT_NOT_ON_SALE', `Product ${productId} is not on sale.`);
}

async function take(client: pg.ClientBase, { productId, quantity }: OrderLine): Promise<void> {
  const stock = await one<{ quantity: number }>(client, takeStock, [productId, quantity]);
  if (!stock) throw new Refusal(409, 'STOCK_INSUFFICIENT', `Product ${productId} is sold out.`);
  const left = stock.quantity;
  const copied = await one<{ version: number }>(client, copyStock, [productId, left]);
  const tell = (type: string, details: object) =>
    one(client, addStockEvent, [
      type,
      productId,
      copied?.version,
      JSON.stringify({ productId, quantity: left, ...details }),
    ]);
  if (left <= STOCK_LOW_AT && left + quantity > STOCK_LOW_AT) await tell('stock.low', { lowAt: STOCK_LOW_AT });
  if (left === 0) await tell('stock.out', {});
}
