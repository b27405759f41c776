import { verify } from '@baguni/api';
import { DEFAULT_SETTINGS, openDatabase } from '@baguni/db';
import type { ClientBase } from 'pg';
import { CAP, CAPPED_COUPON } from './shop/size.ts';

/** How many operations of each kind were answered as done, refused as they should be, or loaded before. */
export type Tally = Readonly<Partial<Record<string, number>>>;

interface Counts {
  orders: string;
  items: string;
  payments: string;
  in_carts: string;
  held: string;
  issued: string;
  records: string;
}

/** Throws unless every answered change is in the books exactly once. */
export async function checkBooks(client: ClientBase, tally: Tally): Promise<void> {
  const { rows } = await client.query<Counts>(`select
    (select count(*) from orders) as orders,
    (select count(*) from order_items) as items,
    (select count(*) from payments) as payments,
    (select coalesce(sum(quantity), 0) from cart_items) as in_carts,
    (select count(*) - 1 from user_coupons) as held,
    (select sum(issued_quantity) - 1 from coupons) as issued,
    (select count(*) from idempotency_records where principal like 'customer:%') as records`);
  const { loaded = 0, add = 0, claim = 0, refused = 0 } = tally;
  const place = (tally.place ?? 0) + loaded;
  const expected: Readonly<Record<string, number>> = {
    orders: place,
    items: place,
    payments: place,
    in_carts: add,
    held: claim,
    issued: claim,
    records: place + add + claim + refused,
  };
  for (const [name, count] of Object.entries(rows[0] ?? {})) {
    const answered = expected[name];
    if (Number(count) !== answered) throw new Error(`${answered} ${name} were answered, but there are ${count}.`);
  }
}

/** Throws unless exactly as many of the capped coupon were issued as there are. */
export async function checkCap(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ issued: string; held: string }>(
    `select issued_quantity as issued, (select count(*) from user_coupons where coupon_id = coupons.id) as held
     from coupons where id = $1`,
    [CAPPED_COUPON],
  );
  const { issued, held } = rows[0] ?? {};
  if (Number(issued) !== CAP || Number(held) !== CAP) {
    throw new Error(`Of ${CAP} coupons ${issued} were counted and ${held} were given.`);
  }
}

/** Throws unless the shop's own audit finds nothing. */
export async function checkAudit(databaseUrl: string): Promise<number> {
  await using database = await openDatabase(databaseUrl);
  const { clean, checks, differences } = await verify(database, DEFAULT_SETTINGS);
  if (!clean) throw new Error(`The audit found ${differences.length} differences: ${JSON.stringify(differences[0])}`);
  return checks;
}
