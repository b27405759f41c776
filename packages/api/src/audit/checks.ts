import type { PageOf } from './walk.ts';

/**
 * The invariants of the domain, each as a query that recomputes it from history and gives the ids of the rows
 * that differ. Plain SQL that both engines understand: the database does the sums, so only differences are sent.
 * A query sees one page of its table at a time: `where ${page('alias.id')}`. Where one number is wrong, it also gives
 * what was `expected` and what was `found`.
 */
export interface Check {
  readonly invariant: string;
  readonly table: string;
  readonly problem: string;
  readonly sql: (page: PageOf) => string;
}

export const CHECKS: readonly Check[] = [
  {
    invariant: 'I1',
    table: 'point_wallets',
    problem: 'The balance is not the sum of the entries.',
    sql: (page) => `
      select wallet.id, coalesce(sum(entry.amount), 0) as expected, wallet.balance as found from point_wallets wallet
      left join point_entries entry on entry.user_id = wallet.user_id
      where ${page('wallet.id')}
      group by wallet.id, wallet.balance
      having wallet.balance <> coalesce(sum(entry.amount), 0)`,
  },
  {
    invariant: 'I1',
    table: 'point_entries',
    problem: 'balance_after is not what the entry before it left, plus the amount.',
    sql: (page) => `
      select id, expected, found from (
        select entry.id, entry.balance_after as found, entry.amount + coalesce((
          select previous.balance_after from point_entries previous
          where previous.user_id = entry.user_id and previous.sequence < entry.sequence
          order by previous.sequence desc limit 1), 0) as expected
        from point_entries entry
        where ${page('entry.id')}
      ) entry
      where expected <> found`,
  },
  {
    invariant: 'I1',
    table: 'users',
    problem: 'The user has no wallet.',
    sql: (page) => `
      select id from users
      where ${page('users.id')} and not exists (select 1 from point_wallets where user_id = users.id)`,
  },
  {
    invariant: 'I2',
    table: 'stocks',
    problem: 'The quantity is not the sum of the entries.',
    sql: (page) => `
      select stock.id, coalesce(sum(entry.quantity), 0) as expected, stock.quantity as found from stocks stock
      left join stock_entries entry on entry.product_id = stock.product_id
      where ${page('stock.id')}
      group by stock.id, stock.quantity
      having stock.quantity <> coalesce(sum(entry.quantity), 0)`,
  },
  {
    invariant: 'I2',
    table: 'products',
    problem: "The quantity is not the stock's.",
    sql: (page) => `
      select product.id, stock.quantity as expected, product.quantity as found from products product
      left join stocks stock on stock.product_id = product.id
      where ${page('product.id')} and (stock.id is null or stock.quantity <> product.quantity)`,
  },
  {
    invariant: 'I3',
    table: 'coupons',
    problem: 'The issued or used quantity is not what users hold, or is more than there are.',
    sql: (page) => `
      select coupon.id from coupons coupon
      left join user_coupons held on held.coupon_id = coupon.id
      where ${page('coupon.id')}
      group by coupon.id, coupon.issued_quantity, coupon.used_quantity, coupon.total_quantity
      having coupon.issued_quantity <> count(held.id) or coupon.used_quantity <> count(held.used_at)
        or coupon.issued_quantity > coupon.total_quantity`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'The total is not the sum of the lines.',
    sql: (page) => `
      select placed.id, coalesce(sum(item.price * item.quantity), 0) as expected, placed.total_amount as found
      from orders placed
      left join order_items item on item.order_id = placed.id
      where ${page('placed.id')}
      group by placed.id, placed.total_amount
      having placed.total_amount <> coalesce(sum(item.price * item.quantity), 0)`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: "The discount is not the sum of the lines' shares.",
    sql: (page) => `
      select placed.id, coalesce(sum(item.discount_amount), 0) as expected, placed.discount_amount as found
      from orders placed
      left join order_items item on item.order_id = placed.id
      where ${page('placed.id')}
      group by placed.id, placed.discount_amount
      having placed.discount_amount <> coalesce(sum(item.discount_amount), 0)`,
  },
  {
    invariant: 'I4',
    table: 'order_items',
    problem: 'The share of the discount is more than the line costs.',
    sql: (page) => `
      select id from order_items
      where ${page('id')} and (discount_amount < 0 or discount_amount > price * quantity)`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'Discount or points are more than there is to pay.',
    sql: (page) => `
      select id from orders
      where ${page('id')} and (discount_amount < 0 or discount_amount > total_amount
        or used_point < 0 or used_point > total_amount - discount_amount)`,
  },
  {
    invariant: 'I4',
    table: 'payments',
    problem: 'The amount is not what the order leaves to pay.',
    sql: (page) => `
      select payment.id, placed.total_amount - placed.discount_amount - placed.used_point as expected,
        payment.amount as found
      from payments payment
      join orders placed on placed.id = payment.order_id
      where ${page('payment.id')} and payment.amount <> placed.total_amount - placed.discount_amount - placed.used_point`,
  },
  {
    invariant: 'I4',
    table: 'orders',
    problem: 'The points used are not the points taken from the wallet.',
    sql: (page) => `
      select placed.id, -coalesce(sum(entry.amount), 0) as expected, placed.used_point as found from orders placed
      left join point_entries entry on entry.order_id = placed.id and entry.type = 'USE'
      where ${page('placed.id')}
      group by placed.id, placed.used_point
      having placed.used_point <> -coalesce(sum(entry.amount), 0)`,
  },
  {
    invariant: 'I4',
    table: 'order_items',
    problem: 'The pieces ordered are not the pieces taken from the stock.',
    sql: (page) => `
      select item.id, item.quantity as expected, -coalesce(sum(entry.quantity), 0) as found from order_items item
      left join stock_entries entry
        on entry.order_id = item.order_id and entry.product_id = item.product_id and entry.reason = 'ORDER'
      where ${page('item.id')}
      group by item.id, item.quantity
      having item.quantity <> -coalesce(sum(entry.quantity), 0)`,
  },
  {
    invariant: 'I5',
    table: 'orders',
    problem: 'A complete order has not exactly one paid payment, or another order has one.',
    sql: (page) => `
      select placed.id, case when placed.status = 'COMPLETE' then 1 else 0 end as expected, count(payment.id) as found
      from orders placed
      left join payments payment on payment.order_id = placed.id and payment.status = 'PAID'
      where ${page('placed.id')}
      group by placed.id, placed.status
      having count(payment.id) <> case when placed.status = 'COMPLETE' then 1 else 0 end`,
  },
  {
    invariant: 'I5',
    table: 'orders',
    problem: 'A refunded order has no refunded payment.',
    sql: (page) => `
      select placed.id from orders placed
      where ${page('placed.id')} and placed.status = 'REFUNDED' and not exists (
        select 1 from payments payment where payment.order_id = placed.id and payment.status = 'REFUNDED')`,
  },
  {
    invariant: 'I6',
    table: 'carts',
    problem: 'The user has another active cart.',
    sql: (page) => `
      select id from carts cart
      where ${page('cart.id')} and status = 'ACTIVE'
        and exists (select 1 from carts other
          where other.user_id = cart.user_id and other.status = 'ACTIVE' and other.id < cart.id)`,
  },
  {
    invariant: 'I6',
    table: 'carts',
    problem: 'An ordered cart has no order, or other lines than its order.',
    sql: (page) => `
      select cart.id from carts cart
      left join orders placed on placed.cart_id = cart.id
      where ${page('cart.id')} and cart.status = 'ORDERED' and (
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
    sql: (page) => `
      select placed.id, 1 as expected, count(event.id) as found from orders placed
      left join outbox_events event on event.aggregate_type = 'order' and event.aggregate_id = placed.id
        and event.type = 'order.placed'
      where ${page('placed.id')}
      group by placed.id
      having count(event.id) <> 1`,
  },
  {
    invariant: 'I8',
    table: 'orders',
    problem: 'Not exactly one event tells how the order ended, or one tells of an end that it had not.',
    sql: (page) => `
      select placed.id from orders placed
      left join outbox_events event on event.aggregate_type = 'order' and event.aggregate_id = placed.id
        and event.type in ('order.completed', 'order.cancelled', 'order.refunded')
      where ${page('placed.id')}
      group by placed.id, placed.status
      having count(case when event.type = 'order.completed' then 1 end)
          <> case when placed.status in ('COMPLETE', 'REFUNDED') then 1 else 0 end
        or count(case when event.type = 'order.cancelled' then 1 end)
          <> case when placed.status = 'CANCELLED' then 1 else 0 end
        or count(case when event.type = 'order.refunded' then 1 end)
          <> case when placed.status = 'REFUNDED' then 1 else 0 end`,
  },
  {
    invariant: 'I9',
    table: 'order_items',
    problem: 'A cancelled order did not give back the pieces it took, or another one gave back pieces as if cancelled.',
    sql: (page) => `
      select item.id, coalesce(sum(entry.quantity), 0) as found,
        case when placed.status = 'CANCELLED' then item.quantity else 0 end as expected
      from order_items item
      join orders placed on placed.id = item.order_id
      left join stock_entries entry
        on entry.order_id = item.order_id and entry.product_id = item.product_id and entry.reason = 'CANCEL'
      where ${page('item.id')}
      group by item.id, item.quantity, placed.status
      having coalesce(sum(entry.quantity), 0) <> case when placed.status = 'CANCELLED' then item.quantity else 0 end`,
  },
  {
    invariant: 'I9',
    table: 'order_items',
    problem: 'The pieces refunded are not those of the refunds, or not those put back into the stock.',
    sql: (page) => `
      select item.id from order_items item
      where ${page('item.id')} and (
        item.refunded_quantity <> (
          select coalesce(sum(part.quantity), 0) from refund_items part where part.order_item_id = item.id)
        or item.refunded_quantity <> (
          select coalesce(sum(entry.quantity), 0) from stock_entries entry
          where entry.order_id = item.order_id and entry.product_id = item.product_id and entry.reason = 'REFUND'))`,
  },
  {
    invariant: 'I9',
    table: 'orders',
    problem: 'The order is refunded though pieces are left, or is not though none are.',
    sql: (page) => `
      select placed.id from orders placed
      join order_items item on item.order_id = placed.id
      where ${page('placed.id')}
      group by placed.id, placed.status
      having case placed.status
        when 'REFUNDED' then sum(item.quantity - item.refunded_quantity) <> 0
        when 'COMPLETE' then sum(item.quantity - item.refunded_quantity) = 0
        else sum(item.refunded_quantity) <> 0 end`,
  },
  {
    invariant: 'I9',
    table: 'orders',
    problem: 'The points given back are not those used, or not those of the refunds.',
    sql: (page) => `
      select id from (
        select placed.id, placed.status, placed.used_point,
          (select coalesce(sum(entry.amount), 0) from point_entries entry
            where entry.order_id = placed.id and entry.type = 'REFUND') as given_back,
          (select coalesce(sum(refund.points), 0) from refunds refund where refund.order_id = placed.id) as refunded
        from orders placed
        where ${page('placed.id')}
      ) placed
      where given_back <> case when status = 'CANCELLED' then used_point else refunded end
        or (status = 'REFUNDED' and refunded <> used_point)`,
  },
  {
    invariant: 'I9',
    table: 'orders',
    problem: 'The coupon is not in the hands of an order that uses it, or still in those of one that gave it back.',
    sql: (page) => `
      select placed.id from orders placed
      join user_coupons held on held.id = placed.user_coupon_id
      where ${page('placed.id')}
        and (placed.status in ('WAITING', 'COMPLETE')) <> (held.order_id is not null and held.order_id = placed.id)`,
  },
  {
    invariant: 'I9',
    table: 'payments',
    problem: 'The money refunded is not that of the refunds, or not all of it though the payment is refunded.',
    sql: (page) => `
      select payment.id from payments payment
      left join refunds refund on refund.payment_id = payment.id
      where ${page('payment.id')}
      group by payment.id, payment.status, payment.amount, payment.refunded_amount
      having payment.refunded_amount <> coalesce(sum(refund.amount), 0)
        or (payment.status = 'REFUNDED' and payment.refunded_amount <> payment.amount)`,
  },
  {
    invariant: 'I9',
    table: 'refunds',
    problem: 'Money and points are not the worth of the pieces that went back.',
    sql: (page) => `
      select refund.id, sum(part.amount) as expected, refund.amount + refund.points as found from refunds refund
      join refund_items part on part.refund_id = refund.id
      where ${page('refund.id')}
      group by refund.id, refund.amount, refund.points
      having refund.amount + refund.points <> sum(part.amount)`,
  },
];
