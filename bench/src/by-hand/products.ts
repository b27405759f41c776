import type pg from 'pg';
import { many, one } from './database.ts';
import { Refusal } from './refusal.ts';

const COLUMNS = `id, name, description, price, quantity, status, version, created_at as "createdAt",
  updated_at as "updatedAt"`;

const readProduct = {
  name: 'read-product',
  text: `select ${COLUMNS} from products where id = $1 and status = 'ON_SALE'`,
};

const firstPage = {
  name: 'first-page-of-products',
  text: `select ${COLUMNS} from products where status = 'ON_SALE' order by created_at desc, id desc limit $1`,
};

const laterPage = {
  name: 'later-page-of-products',
  text: `select ${COLUMNS} from products where status = 'ON_SALE' and (created_at, id) < ($2, $3)
    order by created_at desc, id desc limit $1`,
};

interface ProductRow {
  id: number;
  createdAt: Date;
}

export async function getProduct(pool: pg.Pool, productId: number): Promise<ProductRow> {
  const product = await one<ProductRow>(pool, readProduct, [productId]);
  if (!product) throw new Refusal(404, 'PRODUCT_NOT_FOUND', `There is no product ${productId}.`);
  return product;
}

export async function listProducts(pool: pg.Pool, limit: number, cursor: string | undefined) {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  // One row more than the page holds: whether it comes tells whether there is a next page.
  const rows = await (after
    ? many<ProductRow>(pool, laterPage, [limit + 1, after.at, after.id])
    : many<ProductRow>(pool, firstPage, [limit + 1]));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && rows.length > limit ? cursorOf(last) : null };
}

function cursorOf({ createdAt, id }: ProductRow): string {
  return Buffer.from(`newest.${createdAt.getTime()}.${id}`).toString('base64url');
}

function positionOf(cursor: string): { at: Date; id: number } {
  const [, at, id] = /^newest\.(\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) throw new Refusal(400, 'INPUT_INVALID', 'cursor: Is not one of a list.');
  return { at: new Date(Number(at)), id: Number(id) };
}
