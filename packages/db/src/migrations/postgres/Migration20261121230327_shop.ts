import { Migration } from '@mikro-orm/migrations';

export class Migration20261121230327_shop extends Migration {
  override name = 'Migration20261121230327_shop';

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
      `create table "idempotency_records" ("principal" varchar(100) not null, "key" varchar(255) not null, "procedure" varchar(100) not null, "request_hash" varchar(64) not null, "answer" text not null, "created_at" timestamptz(3) not null, primary key ("principal", "key"));`,
    );

    this.addSql(
      `create table "outbox_events" ("id" bigserial primary key, "type" varchar(50) not null, "aggregate_type" varchar(50) not null, "aggregate_id" bigint not null, "payload" jsonb not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `create index "outbox_events_aggregate_index" on "outbox_events" ("aggregate_type", "aggregate_id", "id");`,
    );
    this.addSql(
      `create unique index "outbox_events_once_an_order_unique" on "outbox_events" ("aggregate_id", "type") where "type" in ('order.completed', 'order.cancelled');`,
    );

    this.addSql(
      `create table "products" ("id" bigserial primary key, "name" varchar(200) not null, "description" varchar(2000) not null, "price" bigint not null, "quantity" bigint not null, "status" text not null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "products_status_created_at_id_index" on "products" ("status", "created_at", "id");`);
    this.addSql(`alter table "products" add constraint "products_price_check" check (price >= 0);`);
    this.addSql(`alter table "products" add constraint "products_quantity_check" check (quantity >= 0);`);
    this.addSql(
      `alter table "products" add constraint "products_status_check" check ("status" in ('ON_SALE', 'HIDDEN'));`,
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
      `create table "user_coupons" ("id" bigserial primary key, "user_id" bigint not null, "coupon_id" bigint not null, "issued_at" timestamptz(3) not null, "expires_at" timestamptz(3) null, "used_at" timestamptz(3) null, "order_id" bigint null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
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
      `create table "orders" ("id" bigserial primary key, "user_id" bigint not null, "cart_id" bigint null, "user_coupon_id" bigint null, "status" text not null, "total_amount" bigint not null, "discount_amount" bigint not null, "used_point" bigint not null, "expires_at" timestamptz(3) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "orders_user_id_created_at_id_index" on "orders" ("user_id", "created_at", "id");`);
    this.addSql(`alter table "orders" add constraint "orders_total_amount_check" check (total_amount >= 0);`);
    this.addSql(
      `alter table "orders" add constraint "orders_discount_amount_check" check (discount_amount >= 0 and discount_amount <= total_amount);`,
    );
    this.addSql(
      `alter table "orders" add constraint "orders_used_point_check" check (used_point >= 0 and used_point <= total_amount - discount_amount);`,
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
    this.addSql(`alter table "stock_entries" add constraint "stock_entries_quantity_check" check (quantity <> 0);`);
    this.addSql(
      `alter table "stock_entries" add constraint "stock_entries_reason_check" check ("reason" in ('INITIAL', 'ADJUST', 'ORDER', 'CANCEL', 'REFUND'));`,
    );

    this.addSql(
      `create table "point_entries" ("id" bigserial primary key, "user_id" bigint not null, "type" text not null, "amount" bigint not null, "balance_after" bigint not null, "sequence" bigint not null, "order_id" bigint null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_user_id_sequence_unique" unique ("user_id", "sequence");`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_balance_after_check" check (balance_after >= 0);`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_sign_check" check ((type = 'USE' and amount < 0) or (type <> 'USE' and amount > 0));`,
    );
    this.addSql(
      `alter table "point_entries" add constraint "point_entries_type_check" check ("type" in ('CHARGE', 'USE', 'REFUND'));`,
    );

    this.addSql(
      `create table "payments" ("id" bigserial primary key, "order_id" bigint not null, "method" varchar(50) null, "amount" bigint not null, "status" text not null, "transaction_id" varchar(255) null, "version" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(`create index "payments_order_id_index" on "payments" ("order_id");`);
    this.addSql(`alter table "payments" add constraint "payments_transaction_id_unique" unique ("transaction_id");`);
    this.addSql(`create unique index "payments_one_paid_unique" on "payments" ("order_id") where "status" = 'PAID';`);
    this.addSql(`alter table "payments" add constraint "payments_amount_check" check (amount >= 0);`);
    this.addSql(
      `alter table "payments" add constraint "payments_status_check" check ("status" in ('PENDING', 'PAID', 'FAILED', 'REFUNDED'));`,
    );

    this.addSql(
      `create table "order_items" ("id" bigserial primary key, "order_id" bigint not null, "product_id" bigint not null, "product_name" varchar(200) not null, "description" varchar(2000) not null, "price" bigint not null, "quantity" bigint not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null);`,
    );
    this.addSql(
      `alter table "order_items" add constraint "order_items_order_id_product_id_unique" unique ("order_id", "product_id");`,
    );
    this.addSql(`alter table "order_items" add constraint "order_items_price_check" check (price >= 0);`);
    this.addSql(`alter table "order_items" add constraint "order_items_quantity_check" check (quantity > 0);`);

    this.addSql(
      `alter table "stocks" add constraint "stocks_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );

    this.addSql(
      `alter table "point_wallets" add constraint "point_wallets_user_id_foreign" foreign key ("user_id") references "users" ("id") on update no action on delete no action;`,
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
      `alter table "order_items" add constraint "order_items_order_id_foreign" foreign key ("order_id") references "orders" ("id") on update no action on delete no action;`,
    );
    this.addSql(
      `alter table "order_items" add constraint "order_items_product_id_foreign" foreign key ("product_id") references "products" ("id") on update no action on delete no action;`,
    );
  }
}
