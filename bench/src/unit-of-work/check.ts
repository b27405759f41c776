import type { ClientBase } from 'pg';
import { INITIAL_STOCK, PRODUCTS } from '../shop/size.ts';

interface Counts {
  orders: string;
  items: string;
  payments: string;
  entries: string;
  events: string;
  records: string;
  wrong_stocks: string;
}

/** Throws unless every answered order is there with all its rows, and every stock is what is left of it. */
export async function checkShop(client: ClientBase, answered: number): Promise<void> {
  const { rows } = await client.query<Counts>(
    `with sold as (select product_id, sum(quantity) as quantity from order_items group by product_id)
     select
       (select count(*) from orders) as orders,
       (select count(*) from order_items) as items,
       (select count(*) from payments) as payments,
       (select count(*) from stock_entries) - $2 as entries,
       (select count(*) from outbox_events) as events,
       (select count(*) from idempotency_records) as records,
       (select count(*) from stocks
        join products on products.id = stocks.product_id
        left join sold on sold.product_id = stocks.product_id
        where stocks.quantity <> $1 - coalesce(sold.quantity, 0) or products.quantity <> stocks.quantity
       ) as wrong_stocks`,
    [INITIAL_STOCK, PRODUCTS],
  );
  const [counts] = rows;
  if (!counts) throw new Error('The shop cannot be counted.');
  const { wrong_stocks: wrongStocks, ...added } = counts;
  if (Number(wrongStocks) > 0) throw new Error(`${wrongStocks} stocks are not what is left after the sales.`);
  for (const [rowsAdded, count] of Object.entries(added)) {
    if (Number(count) !== answered)
      throw new Error(`${answered} orders were answered, but there are ${count} ${rowsAdded}.`);
  }
}
