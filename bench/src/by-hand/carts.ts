import type pg from 'pg';
import { many, one } from './database.ts';
import { type Call, callOf, once, recordAnswer } from './once.ts';
import type { OrderLine } from './orders.ts';
import { Refusal } from './refusal.ts';

const LINES_MAX = 100;
const LINE_QUANTITY_MAX = 10_000;

const readProduct = { name: 'read-product-to-add', text: 'select price, status from products where id = $1' };

// Locks the cart, or makes it: its version tells of every change of its lines.
const touchCart = {
  name: 'touch-cart',
  text: `insert into carts (user_id, status, version, created_at, updated_at) values ($1, 'ACTIVE', 1, now(), now())
    on conflict (user_id) where status = 'ACTIVE' do update set version = carts.version + 1, updated_at = now()
    returning id, version`,
};

const putItem = {
  name: 'put-item',
  text: `insert into cart_items (cart_id, product_id, quantity, price, created_at, updated_at)
    values ($1, $2, $3, $4, now(), now())
    on conflict (cart_id, product_id) do update
      set quantity = cart_items.quantity + excluded.quantity, price = excluded.price, updated_at = now()
    returning quantity`,
};

const readLines = {
  name: 'read-lines',
  text: `select item.product_id as "productId", product.name as "productName", item.quantity, product.price,
      item.price as "priceWhenAdded", product.price * item.quantity as amount,
      product.status = 'ON_SALE' and item.quantity <= product.quantity as "isAvailable"
    from cart_items item join products product on product.id = item.product_id
    where item.cart_id = $1 order by item.id`,
};

interface LineRow {
  amount: number;
}

/** Puts pieces of a product into a customer's cart. */
export async function addToCart(pool: pg.Pool, userId: number, line: OrderLine, key: string) {
  const call = callOf('cart.addItem', userId, key, line);
  return once(pool, call, (client) => add(client, userId, line, call));
}

async function add(client: pg.ClientBase, userId: number, { productId, quantity }: OrderLine, call: Call) {
  const product = await one<{ price: number; status: string }>(client, readProduct, [productId]);
  if (!product) throw new Refusal(404, 'PRODUCT_NOT_FOUND', `There is no product ${productId}.`);
  if (product.status !== 'ON_SALE') {
    throw new Refusal(409, 'PRODUCT_NOT_ON_SALE', `Product ${productId} is not on sale.`);
  }
  const cart = await one<{ id: number; version: number }>(client, touchCart, [userId]);
  const item = await one<{ quantity: number }>(client, putItem, [cart?.id, productId, quantity, product.price]);
  if (item && item.quantity > LINE_QUANTITY_MAX) {
    throw new Refusal(409, 'CART_QUANTITY_LIMIT', `A line holds at most ${LINE_QUANTITY_MAX} pieces.`);
  }
  const items = await many<LineRow>(client, readLines, [cart?.id]);
  if (items.length > LINES_MAX) {
    throw new Refusal(409, 'CART_LINES_LIMIT', `A cart holds at most ${LINES_MAX} lines.`);
  }
  const totalAmount = items.reduce((total, { amount }) => total + amount, 0);
  const answer = { items, totalAmount, version: cart?.version };
  await recordAnswer(client, call, answer);
  return answer;
}
