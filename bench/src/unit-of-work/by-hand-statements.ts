// Each is prepared once a connection, under its name. The rows are the same, column for column, as those that the
// unit of work writes.

export const readProduct = {
  name: 'read-product',
  text: `select name, description, price from products where id = $1 and status = 'ON_SALE'`,
};

export const addOrder = {
  name: 'add-order',
  text: `insert into orders (user_id, status, total_amount, discount_amount, used_point, expires_at, version, created_at, updated_at)
    values ($1, 'WAITING', $2, 0, 0, now() + interval '15 minutes', 1, now(), now())
    returning id, expires_at, created_at`,
};

export const addItem = {
  name: 'add-item',
  text: `insert into order_items (order_id, product_id, product_name, description, price, quantity, discount_amount,
      refunded_quantity, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, 0, 0, now(), now())`,
};

export const addPayment = {
  name: 'add-payment',
  text: `insert into payments (order_id, amount, status, refunded_amount, version, created_at, updated_at)
    values ($1, $2, 'PENDING', 0, 1, now(), now()) returning id`,
};

export const addStockEntry = {
  name: 'add-stock-entry',
  text: `insert into stock_entries (product_id, reason, quantity, order_id, created_at, updated_at)
    values ($1, 'ORDER', $2, $3, now(), now())`,
};

export const addEvent = {
  name: 'add-event',
  text: `insert into outbox_events (type, aggregate_type, aggregate_id, aggregate_version, schema_version, payload,
      created_at, updated_at)
    values ('order.placed', 'order', $1, 1, 1, $2, now(), now())`,
};

export const addRecord = {
  name: 'add-record',
  text: `insert into idempotency_records (principal, "key", procedure, request_hash, answer, created_at)
    values ($1, $2, 'orders.place', $3, $4, now())`,
};

export const readRecord = {
  name: 'read-record',
  text: `select request_hash, answer from idempotency_records where principal = $1 and "key" = $2`,
};

export const takeStock = {
  name: 'take-stock',
  text: `update stocks set quantity = quantity - $2, version = version + 1, updated_at = now()
    where product_id = $1 and quantity >= $2 returning quantity`,
};

export const copyStock = {
  name: 'copy-stock',
  text: `update products set quantity = $2, version = version + 1, updated_at = now() where id = $1`,
};
