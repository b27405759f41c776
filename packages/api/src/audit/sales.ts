import { dayOf, type EntityManager } from '@baguni/db';
import type { Check } from './checks.ts';
import type { Difference } from './schema.ts';
import { type LastIds, walk } from './walk.ts';

/** How many products' days are summed at once; a shop with more is gone through in several rounds. */
const SALES_AT_ONCE_MAX = 500_000;
/** Every time zone's days begin on a quarter of an hour. */
const QUARTER_MS = 15 * 60 * 1000;

const WRONG = check('daily_sales', 'Is not what complete orders sold of the product that day, less what went back.');
const MISSING = check('products', 'Was sold on a day that has no count of it.');
const WRONG_TOTAL = check('products', 'The sold quantity is not what complete orders sold, less what went back.');

export const SALES_CHECKS = [WRONG, MISSING, WRONG_TOTAL];
/** The tables that these checks go through. */
export const SALES_TABLES = ['order_items', 'daily_sales', 'products'];

function check(table: string, problem: string): Omit<Check, 'sql'> {
  return { invariant: 'I10', table, problem };
}

interface SalesSettings {
  readonly timeZone: string;
  readonly lastIds: LastIds;
  readonly millisecondsSql: (column: string) => string;
  readonly differencesMax: number;
}

/** Sums what was sold by day and product from the orders, and compares it with what was counted along the way. */
export async function findWrongSales(em: EntityManager, settings: SalesSettings): Promise<Difference[]> {
  const wrong = SALES_CHECKS.map((of) => ({ of, rows: new Map<number, Compared>() }));
  const note: Note = (of, id, compared) => {
    const { rows } = wrong.find((each) => each.of === of) ?? {};
    if (rows && rows.size < settings.differencesMax) rows.set(id, compared);
  };
  for (let after = 0; ; ) {
    const last = await lastProduct(em, after);
    const isOfRound = (column: string) =>
      `${column} > ${after}${last === undefined ? '' : ` and ${column} <= ${last}`}`;
    await compare(em, await sumSales(em, settings, isOfRound), { isOfRound, lastIds: settings.lastIds }, note);
    if (last === undefined) break;
    after = last;
  }
  return wrong.flatMap(({ of, rows }) => [...rows].map(([id, compared]) => ({ ...of, id, ...compared })));
}

/** What one number should be and is; none where more than a number is wrong. */
type Compared = Pick<Difference, 'expected' | 'found'>;
type Note = (of: (typeof SALES_CHECKS)[number], id: number, compared: Compared) => void;

/** Up to which product a round goes; `undefined` when it is the last one. */
async function lastProduct(em: EntityManager, after: number): Promise<number | undefined> {
  const [row] = await em.execute<{ last: number | string }[]>(`
    select product_id as last from daily_sales where product_id > ${after}
    order by product_id limit 1 offset ${SALES_AT_ONCE_MAX}`);
  return row && Number(row.last);
}

class Sales {
  readonly #byDay = new Map<string, { quantity: number; amount: number; productId: number }>();
  readonly #byProduct = new Map<number, number>();

  add(productId: number, day: string, quantity: number, amount: number): void {
    const key = `${day} ${productId}`;
    const sale = this.#byDay.get(key) ?? { quantity: 0, amount: 0, productId };
    sale.quantity += quantity;
    sale.amount += amount;
    this.#byDay.set(key, sale);
    this.#byProduct.set(productId, (this.#byProduct.get(productId) ?? 0) + quantity);
  }

  take(productId: number, day: string): { quantity: number; amount: number } {
    const key = `${day} ${productId}`;
    const sale = this.#byDay.get(key) ?? { quantity: 0, amount: 0 };
    this.#byDay.delete(key);
    return sale;
  }

  soldOf(productId: number): number {
    return this.#byProduct.get(productId) ?? 0;
  }

  /** The products with a sale that nobody took. */
  left(): number[] {
    const left = [...this.#byDay.values()].filter(({ quantity, amount }) => quantity !== 0 || amount !== 0);
    return left.map(({ productId }) => productId);
  }
}

type Where = (column: string) => string;

async function sumSales(em: EntityManager, settings: SalesSettings, isOfRound: Where): Promise<Sales> {
  const sales = new Sales();
  const days = new Map<number, string>();
  const dayOfQuarter = (quarter: number) => {
    const day = days.get(quarter) ?? dayOf(new Date(quarter * QUARTER_MS), settings.timeZone);
    days.set(quarter, day);
    return day;
  };
  await walk(em, 'order_items', settings.lastIds, async (page) => {
    const rows = await em.execute<Record<'product' | 'quarter' | 'quantity' | 'amount', number | string>[]>(`
      select item.product_id as product, ${settings.millisecondsSql('placed.completed_at')} / ${QUARTER_MS} as quarter,
        sum(item.quantity - coalesce((
          select sum(back.quantity) from refund_items back where back.order_item_id = item.id), 0)) as quantity,
        sum(item.price * item.quantity - item.discount_amount - coalesce((
          select sum(back.amount) from refund_items back where back.order_item_id = item.id), 0)) as amount
      from order_items item join orders placed on placed.id = item.order_id
      where ${page('item.id')} and ${isOfRound('item.product_id')} and placed.completed_at is not null
      group by 1, 2`);
    for (const { product, quarter, quantity, amount } of rows) {
      sales.add(Number(product), dayOfQuarter(Number(quarter)), Number(quantity), Number(amount));
    }
    return 'go on';
  });
  return sales;
}

async function compare(
  em: EntityManager,
  sales: Sales,
  { isOfRound, lastIds }: { isOfRound: Where; lastIds: LastIds },
  note: Note,
): Promise<void> {
  await walk(em, 'daily_sales', lastIds, async (page) => {
    const rows = await em.execute<
      {
        id: number | string;
        product: number | string;
        day: string;
        quantity: number | string;
        amount: number | string;
      }[]
    >(`
      select id, product_id as product, day, quantity, amount from daily_sales
      where ${page('id')} and ${isOfRound('product_id')}`);
    for (const row of rows) {
      const { quantity, amount } = sales.take(Number(row.product), row.day);
      const found = { quantity: Number(row.quantity), amount: Number(row.amount) };
      if (found.quantity !== quantity) note(WRONG, Number(row.id), { expected: quantity, found: found.quantity });
      else if (found.amount !== amount) note(WRONG, Number(row.id), { expected: amount, found: found.amount });
    }
    return 'go on';
  });
  for (const productId of sales.left()) note(MISSING, productId, { expected: null, found: null });
  await walk(em, 'products', lastIds, async (page) => {
    const rows = await em.execute<{ id: number | string; sold: number | string }[]>(
      `select id, sold_quantity as sold from products where ${page('id')} and ${isOfRound('id')}`,
    );
    for (const { id, sold } of rows) {
      const expected = sales.soldOf(Number(id));
      if (Number(sold) !== expected) note(WRONG_TOTAL, Number(id), { expected, found: Number(sold) });
    }
    return 'go on';
  });
}
