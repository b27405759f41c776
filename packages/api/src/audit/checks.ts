/**
 * The invariants of the domain, each as a query that recomputes it from history and gives the ids of the rows
 * that differ. Plain SQL that both engines understand: the database does the sums, so only differences are sent.
 */
export interface Check {
  readonly invariant: string;
  readonly table: string;
  readonly problem: string;
  readonly sql: string;
}

export const CHECKS: readonly Check[] = [
  {
    invariant: 'I1',
    table: 'point_wallets',
    problem: 'The balance is not the sum of the entries.',
    sql: `
      select wallet.id from point_wallets wallet
      left join point_entries entry on entry.user_id = wallet.user_id
      group by wallet.id, wallet.balance
      having wallet.balance <> coalesce(sum(entry.amount), 0)`,
  },
  {
    invariant: 'I1',
    table: 'point_entries',
    problem: 'balance_after is not the running sum.',
    sql: `
      select id from (
        select id, balance_after, sum(amount) over (partition by user_id order by sequence) as running
        from point_entries
      ) entry
      where balance_after <> running`,
  },
  {
    invariant: 'I1',
    table: 'users',
    problem: 'The user has no wallet.',
    sql: 'select id from users where not exists (select 1 from point_wallets where user_id = users.id)',
  },
  {
    invariant: 'I2',
    table: 'stocks',
    problem: 'The quantity is not the sum of the entries.',
    sql: `
      select stock.id from stocks stock
      left join stock_entries entry on entry.product_id = stock.product_id
      group by stock.id, stock.quantity
      having stock.quantity <> coalesce(sum(entry.quantity), 0)`,
  },
  {
    invariant: 'I2',
    table: 'products',
    problem: "The quantity is not the stock's.",
    sql: `
      select product.id from products product
      left join stocks stock on stock.product_id = product.id
      where stock.id is null or stock.quantity <> product.quantity`,
  },
  {
    invariant: 'I3',
    table: 'coupons',
    problem: 'The issued or used quantity is not what users hold, or is more than there are.',
    sql: `
      select coupon.id from coupons coupon
      left join user_coupons held on held.coupon_id = coupon.id
      group by coupon.id, coupon.issued_quantity, coupon.used_quantity, coupon.total_quantity
      having coupon.issued_quantity <> count(held.id) or coupon.used_quantity <> count(held.used_at)
        or coupon.issued_quantity > coupon.total_quantity`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'The total is not the sum of the lines.',
    sql: `
      select placed.id from orders placed
      left join order_items item on item.order_id = placed.id
      group by placed.id, placed.total_amount
      having placed.total_amount <> coalesce(sum(item.price * item.quantity), 0)`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'Discount or points are more than there is to pay.',
    sql: `
      select id from orders
      where discount_amount < 0 or discount_amount > total_amount
        or used_point < 0 or used_point > total_amount - discount_amount`,
  },
  {
    invariant: 'I4',
    table: 'payments',
    problem: 'The amount is not what the order leaves to pay.',
    sql: `
      select payment.id from payments payment
      join orders placed on placed.id = payment.order_id
      where payment.amount <> placed.total_amount - placed.discount_amount - placed.used_point`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'The points used are not the points taken from the wallet.',
    sql: `
      select placed.id from orders placed
      left join point_entries entry on entry.order_id = placed.id and entry.type = 'USE'
      group by placed.id, placed.used_point
      having placed.used_point <> -coalesce(sum(entry.amount), 0)`,
  },
  {
    invariant: 'I4',
    table: 'order_items',
    problem: 'The pieces ordered are not the pieces taken from the stock.',
    sql: `
      select item.id from order_items item
      left join stock_entries entry
        on entry.order_id = item.order_id and entry.product_id = item.product_id and entry.reason = 'ORDER'
      group by item.id, item.quantity
      having item.quantity <> -coalesce(sum(entry.quantity), 0)`,
  },
  {
    invariant: 'I5',
    table: 'orders',
    problem: 'A complete order has not exactly one paid payment, or another order has one.',
    sql: `
      select placed.id from orders placed
      left join payments payment on payment.order_id = placed.id and payment.status = 'PAID'
      group by placed.id, placed.status
      having count(payment.id) <> case when placed.status = 'COMPLETE' then 1 else 0 end`,
  },
  {
    invariant: 'I6',
    table: 'carts',
    problem: 'The user has another active cart.',
    sql: `
      select id from carts cart
      where status = 'ACTIVE'
        and exists (select 1 from carts other
          where other.user_id = cart.user_id and other.status = 'ACTIVE' and other.id < cart.id)`,
  },
  {
    invariant: 'I6',
    table: 'carts',
    problem: 'An ordered cart has no order, or other lines than its order.',
    sql: `
      select cart.id from carts cart
      left join orders placed on placed.cart_id = cart.id
      where cart.status = 'ORDERED' and (
        placed.id is null
        or exists (select 1 from cart_items line where line.cart_id = cart.id and not exists (
          select 1 from order_items item
          where item.order_id = placed.id and item.product_id = line.product_id and item.quantity = line.quantity))
        or exists (select 1 from order_items item where item.order_id = placed.id and not exists (
          select 1 from cart_items line where line.cart_id = cart.id and line.product_id = item.product_id)))`,
  },
  {
    invariant: 'I7',
    table: 'orders',
    problem: 'No answered command stands behind the order, or more than one.',
    sql: `
      select placed.id from orders placed
      where 1 <> (select count(*) from outbox_events event
        where event.aggregate_type = 'order' and event.aggregate_id = placed.id and event.type = 'order.placed')`,
  },
];
