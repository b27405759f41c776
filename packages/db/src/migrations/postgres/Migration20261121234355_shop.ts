import { Migration } from '@mikro-orm/migrations';

export class Migration20261121234355_shop extends Migration {
  override name = 'Migration20261121234355_shop';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_keys" ("id" bigserial primary key, "name" varchar(100) not null, "hash" varchar(64) not null, "revoked_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`alter table "api_keys" add constraint "api_keys_hash_unique" unique ("hash");`);

    this.addSql(
      `create table "coupons" ("id" bigserial primary key, "name" varchar(200) not null, "discount_type" text not null, "discount_value" bigint not null, "max_discount_amount" bigint null, "min_order_amount" bigint null, "total_quantity" bigint not null, "issued_quantity" bigint not null, "used_quantity" bigint not null, "starts_at" timestamptz(3) null, "expires_at" timestamptz(3) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "coupons_created_at_id_index" on "coupons" ("created_at", "id");`);
    this.addSql(
      `alter table "coupons" add constraint "coupons_discount_check" check (discount_value > 0 and (discount_type <> 'PERCENT' or discount_value <= 100));`,
    );
    this.addSql(
      `alter table "coupons" add constraint "coupons_issued_check" check (issued_quantity >= 0 and issued_quantity <= total_quantity);`,
    );
    this.addSql(
      `alter table "coupons" add constraint "coupons_used_check" check (used_quantity >= 0 and used_quantity <= issued_quantity);`,
    );
    this.addSql(
      `alter table "coupons" add constraint "coupons_discount_type_check" check ("discount_type" in ('FIXED', 'PERCENT'));`,
    );

    this.addSql(
      `create table "event_endpoints" ("id" bigserial primary key, "url" varchar(2000) not null, "secret" varchar(255) not null, "event_types" jsonb null, "disabled_at" timestamptz(3) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );

    this.addSql(
      `create table "idempotency_records" ("principal" varchar(100) not null, "key" varchar(255) not null, "procedure" varchar(100) not null, "request_hash" varchar(64) not null, "answer" text not null, "created_at" timestamptz(3) not null, primary key ("principal", "key"));`,
    );

    this.addSql(
      `create table "outbox_events" ("id" bigserial primary key, "type" varchar(50) not null, "aggregate_type" varchar(50) not null, "aggregate_id" bigint not null, "aggregate_version" bigint not null, "schema_version" int not null, "position" bigint null, "payload" jsonb not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`alter table "outbox_events" add constraint "outbox_events_position_unique" unique ("position");`);
    this.addSql(
      `create index "outbox_events_aggregate_index" on "outbox_events" ("aggregate_type", "aggregate_id", "position");`,
    );
    this.addSql(
      `create index "outbox_events_unplaced_index" on "outbox_events" ("created_at") where "position" is null;`,
    );
    this.addSql(
      `create unique index "outbox_events_once_an_order_unique" on "outbox_events" ("aggregate_id", "type") where "type" in ('order.placed', 'order.completed', 'order.cancelled', 'order.refunded');`,
    );

    this.addSql(
      `create table "event_deliveries" ("id" bigserial primary key, "endpoint_id" bigint not null, "event_id" bigint not null, "aggregate_type" varchar(50) not null, "aggregate_id" bigint not null, "position" bigint not null, "status" text not null, "attempts" int not null, "next_attempt_at" timestamptz(3) not null, "last_error" varchar(500) null, "delivered_at" timestamptz(3) null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "event_deliveries_event_id_index" on "event_deliveries" ("event_id");`);
    this.addSql(
      `create index "event_deliveries_due_index" on "event_deliveries" ("next_attempt_at") where "status" = 'PENDING';`,
    );
    this.addSql(
      `create index "event_deliveries_order_index" on "event_deliveries" ("endpoint_id", "aggregate_type", "aggregate_id", "position") where "status" = 'PENDING';`,
    );
    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_endpoint_id_event_id_unique" unique ("endpoint_id", "event_id");`,
    );
    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_attempts_check" check (attempts >= 0);`,
    );
    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_status_check" check ("status" in ('PENDING', 'DELIVERED', 'DEAD'));`,
    );

    this.addSql(
      `create table "products" ("id" bigserial primary key, "name" varchar(200) not null, "description" varchar(2000) not null, "price" bigint not null, "quantity" bigint not null, "status" text not null, "search_text" text not null, "sold_quantity" bigint not null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "products_status_created_at_id_index" on "products" ("status", "created_at", "id");`);
    this.addSql(`create index "products_status_price_id_index" on "products" ("status", "price", "id");`);
    this.addSql(
      `create index "products_status_sold_quantity_id_index" on "products" ("status", "sold_quantity", "id");`,
    );
    this.addSql(`alter table "products" add constraint "products_price_check" check (price >= 0);`);
    this.addSql(`alter table "products" add constraint "products_quantity_check" check (quantity >= 0);`);
    this.addSql(`alter table "products" add constraint "products_sold_quantity_check" check (sold_quantity >= 0);`);
    this.addSql(
      `alter table "products" add constraint "products_status_check" check ("status" in ('ON_SALE', 'HIDDEN'));`,
    );

    this.addSql(
      `create table "daily_sales" ("id" bigserial primary key, "day" varchar(10) not null, "product_id" bigint not null, "quantity" bigint not null, "amount" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "daily_sales_product_id_index" on "daily_sales" ("product_id");`);
    this.addSql(
      `alter table "daily_sales" add constraint "daily_sales_day_product_id_unique" unique ("day", "product_id");`,
    );
    this.addSql(
      `alter table "daily_sales" add constraint "daily_sales_quantity_check" check (quantity >= 0 and amount >= 0);`,
    );

    this.addSql(
      `create table "provider_webhooks" ("id" bigserial primary key, "method" varchar(50) not null, "message_id" varchar(255) null, "outcome" text not null, "detail" varchar(255) not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `create unique index "provider_webhooks_accepted_unique" on "provider_webhooks" ("method", "message_id") where "outcome" = 'ACCEPTED';`,
    );
    this.addSql(
      `alter table "provider_webhooks" add constraint "provider_webhooks_outcome_check" check ("outcome" in ('ACCEPTED', 'REFUSED'));`,
    );

    this.addSql(
      `create table "stocks" ("id" bigserial primary key, "product_id" bigint not null, "quantity" bigint not null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`alter table "stocks" add constraint "stocks_product_id_unique" unique ("product_id");`);
    this.addSql(`alter table "stocks" add constraint "stocks_quantity_check" check (quantity >= 0);`);

    this.addSql(
      `create table "users" ("id" bigserial primary key, "name" varchar(100) not null, "external_id" varchar(255) null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`alter table "users" add constraint "users_external_id_unique" unique ("external_id");`);

    this.addSql(
      `create table "point_wallets" ("id" bigserial primary key, "user_id" bigint not null, "balance" bigint not null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`alter table "point_wallets" add constraint "point_wallets_user_id_unique" unique ("user_id");`);
    this.addSql(`alter table "point_wallets" add constraint "point_wallets_balance_check" check (balance >= 0);`);

    this.addSql(
      `create table "point_charges" ("id" bigserial primary key, "user_id" bigint not null, "method" varchar(50) not null, "amount" bigint not null, "status" text not null, "transaction_id" varchar(255) null, "started_at" timestamptz(3) not null, "failure_reason" varchar(255) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "point_charges_user_id_index" on "point_charges" ("user_id");`);
    this.addSql(
      `alter table "point_charges" add constraint "point_charges_transaction_id_unique" unique ("transaction_id");`,
    );
    this.addSql(
      `create index "point_charges_started_at_index" on "point_charges" ("started_at") where "status" = 'PENDING';`,
    );
    this.addSql(`alter table "point_charges" add constraint "point_charges_amount_check" check (amount > 0);`);
    this.addSql(
      `alter table "point_charges" add constraint "point_charges_status_check" check ("status" in ('PENDING', 'PAID', 'FAILED'));`,
    );

    this.addSql(
      `create table "carts" ("id" bigserial primary key, "user_id" bigint not null, "status" text not null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create unique index "carts_one_active_unique" on "carts" ("user_id") where "status" = 'ACTIVE';`);
    this.addSql(`alter table "carts" add constraint "carts_status_check" check ("status" in ('ACTIVE', 'ORDERED'));`);

    this.addSql(
      `create table "cart_items" ("id" bigserial primary key, "cart_id" bigint not null, "product_id" bigint not null, "quantity" bigint not null, "price" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `alter table "cart_items" add constraint "cart_items_cart_id_product_id_unique" unique ("cart_id", "product_id");`,
    );
    this.addSql(`alter table "cart_items" add constraint "cart_items_quantity_check" check (quantity > 0);`);
    this.addSql(`alter table "cart_items" add constraint "cart_items_price_check" check (price >= 0);`);

    this.addSql(
      `create table "user_coupons" ("id" bigserial primary key, "user_id" bigint not null, "coupon_id" bigint not null, "issued_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, "used_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, "order_id" bigint null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "user_coupons_coupon_id_index" on "user_coupons" ("coupon_id");`);
    this.addSql(
      `create index "user_coupons_user_id_created_at_id_index" on "user_coupons" ("user_id", "created_at", "id");`,
    );
    this.addSql(
      `alter table "user_coupons" add constraint "user_coupons_user_id_coupon_id_unique" unique ("user_id", "coupon_id");`,
    );
    this.addSql(
      `alter table "user_coupons" add constraint "user_coupons_used_check" check ((used_at is null) = (order_id is null));`,
    );

    this.addSql(
      `create table "orders" ("id" bigserial primary key, "user_id" bigint not null, "cart_id" bigint null, "user_coupon_id" bigint null, "status" text not null, "total_amount" bigint not null, "discount_amount" bigint not null, "used_point" bigint not null, "expires_at" timestamptz(3) null, "completed_at" timestamptz(3) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "orders_user_id_created_at_id_index" on "orders" ("user_id", "created_at", "id");`);
    this.addSql(`create index "orders_created_at_id_index" on "orders" ("created_at", "id");`);
    this.addSql(`create index "orders_status_created_at_id_index" on "orders" ("status", "created_at", "id");`);
    this.addSql(`create index "orders_expires_at_index" on "orders" ("expires_at") where "status" = 'WAITING';`);
    this.addSql(`alter table "orders" add constraint "orders_total_amount_check" check (total_amount >= 0);`);
    this.addSql(
      `alter table "orders" add constraint "orders_discount_amount_check" check (discount_amount >= 0 and discount_amount <= total_amount);`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_used_point_check" check (used_point >= 0 and used_point <= total_amount - discount_amount);`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_completed_at_check" check ((status = 'COMPLETE' or status = 'REFUNDED') = (completed_at is not null));`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_expires_at_check" check ((status = 'WAITING') = (expires_at is not null));`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_status_check" check ("status" in ('WAITING', 'COMPLETE', 'CANCELLED', 'REFUNDED'));`,
    );

    this.addSql(
      `create table "stock_entries" ("id" bigserial primary key, "product_id" bigint not null, "reason" text not null, "quantity" bigint not null, "order_id" bigint null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "stock_entries_product_id_index" on "stock_entries" ("product_id");`);
    this.addSql(`create index "stock_entries_order_id_index" on "stock_entries" ("order_id");`);
    this.addSql(`alter table "stock_entries" add constraint "stock_entries_quantity_check" check (quantity <> 0);`);
    this.addSql(
      `alter table "stock_entries" add constraint "stock_entries_reason_check" check ("reason" in ('INITIAL', 'ADJUST', 'ORDER', 'CANCEL', 'REFUND'));`,
    );

    this.addSql(
      `create table "point_entries" ("id" bigserial primary key, "user_id" bigint not null, "type" text not null, "amount" bigint not null, "balance_after" bigint not null, "sequence" bigint not null, "reason" varchar(200) null, "order_id" bigint null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "point_entries_order_id_index" on "point_entries" ("order_id");`);
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_user_id_sequence_unique" unique ("user_id", "sequence");`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_balance_after_check" check (balance_after >= 0);`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_sign_check" check (amount <> 0 and (type <> 'USE' or amount < 0) and (type = 'USE' or type = 'ADJUST' or amount > 0));`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_type_check" check ("type" in ('CHARGE', 'USE', 'REFUND', 'ADJUST'));`,
    );

    this.addSql(
      `create table "payments" ("id" bigserial primary key, "order_id" bigint not null, "method" varchar(50) null, "amount" bigint not null, "status" text not null, "transaction_id" varchar(255) null, "started_at" timestamptz(3) null, "refunded_amount" bigint not null, "failure_reason" varchar(255) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "payments_order_id_index" on "payments" ("order_id");`);
    this.addSql(`alter table "payments" add constraint "payments_transaction_id_unique" unique ("transaction_id");`);
    this.addSql(`create index "payments_started_at_index" on "payments" ("started_at") where "status" = 'PENDING';`);
    this.addSql(`create unique index "payments_one_paid_unique" on "payments" ("order_id") where "status" = 'PAID';`);
    this.addSql(
      `create unique index "payments_one_pending_unique" on "payments" ("order_id") where "status" = 'PENDING';`,
    );
    this.addSql(`alter table "payments" add constraint "payments_amount_check" check (amount >= 0);`);
    this.addSql(
      `alter table "payments" add constraint "payments_refunded_amount_check" check (refunded_amount >= 0 and refunded_amount <= amount);`,
    );
    this.addSql(
      `alter table "payments" add constraint "payments_status_check" check ("status" in ('PENDING', 'PAID', 'FAILED', 'REFUNDED'));`,
    );

    this.addSql(
      `create table "refunds" ("id" bigserial primary key, "order_id" bigint not null, "payment_id" bigint not null, "amount" bigint not null, "points" bigint not null, "is_whole" boolean not null, "reason" varchar(200) null, "status" text not null, "transaction_id" varchar(255) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "refunds_order_id_index" on "refunds" ("order_id");`);
    this.addSql(`create index "refunds_payment_id_index" on "refunds" ("payment_id");`);
    this.addSql(`alter table "refunds" add constraint "refunds_transaction_id_unique" unique ("transaction_id");`);
    this.addSql(`create index "refunds_pending_index" on "refunds" ("created_at") where "status" = 'PENDING';`);
    this.addSql(`alter table "refunds" add constraint "refunds_amount_check" check (amount >= 0 and points >= 0);`);
    this.addSql(
      `alter table "refunds" add constraint "refunds_status_check" check ("status" in ('PENDING', 'COMPLETE', 'FAILED'));`,
    );

    this.addSql(
      `create table "order_items" ("id" bigserial primary key, "order_id" bigint not null, "product_id" bigint not null, "product_name" varchar(200) not null, "description" varchar(2000) not null, "price" bigint not null, "quantity" bigint not null, "discount_amount" bigint not null, "refunded_quantity" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `alter table "order_items" add constraint "order_items_order_id_product_id_unique" unique ("order_id", "product_id");`,
    );
    this.addSql(`alter table "order_items" add constraint "order_items_price_check" check (price >= 0);`);
    this.addSql(`alter table "order_items" add constraint "order_items_quantity_check" check (quantity > 0);`);
    this.addSql(
      `alter table "order_items" add constraint "order_items_discount_amount_check" check (discount_amount >= 0);`,
    );
    this.addSql(
      `alter table "order_items" add constraint "order_items_refunded_quantity_check" check (refunded_quantity >= 0 and refunded_quantity <= quantity);`,
    );

    this.addSql(
      `create table "refund_items" ("id" bigserial primary key, "refund_id" bigint not null, "order_item_id" bigint not null, "quantity" bigint not null, "amount" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "refund_items_order_item_id_index" on "refund_items" ("order_item_id");`);
    this.addSql(
      `alter table "refund_items" add constraint "refund_items_refund_id_order_item_id_unique" unique ("refund_id", "order_item_id");`,
    );
    this.addSql(`alter table "refund_items" add constraint "refund_items_quantity_check" check (quantity > 0);`);
    this.addSql(`alter table "refund_items" add constraint "refund_items_amount_check" check (amount >= 0);`);

    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_endpoint_id_foreign" foreign key ("endpoint_id") references "event_endpoints" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "event_deliveries" add constraint "event_deliveries_event_id_foreign" foreign key ("event_id") references "outbox_events" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "daily_sales" add constraint "daily_sales_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "stocks" add constraint "stocks_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "point_wallets" add constraint "point_wallets_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "point_charges" add constraint "point_charges_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "carts" add constraint "carts_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "cart_items" add constraint "cart_items_cart_id_foreign" foreign key ("cart_id") references "carts" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "cart_items" add constraint "cart_items_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "user_coupons" add constraint "user_coupons_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "user_coupons" add constraint "user_coupons_coupon_id_foreign" foreign key ("coupon_id") references "coupons" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "user_coupons" add constraint "user_coupons_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "orders" add constraint "orders_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_cart_id_foreign" foreign key ("cart_id") references "carts" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_user_coupon_id_foreign" foreign key ("user_coupon_id") references "user_coupons" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "stock_entries" add constraint "stock_entries_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "stock_entries" add constraint "stock_entries_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "point_entries" add constraint "point_entries_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "payments" add constraint "payments_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "refunds" add constraint "refunds_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "refunds" add constraint "refunds_payment_id_foreign" foreign key ("payment_id") references "payments" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "order_items" add constraint "order_items_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "order_items" add constraint "order_items_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "refund_items" add constraint "refund_items_refund_id_foreign" foreign key ("refund_id") references "refunds" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "refund_items" add constraint "refund_items_order_item_id_foreign" foreign key ("order_item_id") references "order_items" ("id") on update no action on delete no action;`,
    );
  }
}
