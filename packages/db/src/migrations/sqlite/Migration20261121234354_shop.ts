import { Migration } from '@mikro-orm/migrations';

export class Migration20261121234354_shop extends Migration {
  override name = 'Migration20261121234354_shop';

  override up(): void | Promise<void> {
    this.addSql(
      `create table \`api_keys\` (\`id\` integer not null primary key autoincrement, \`name\` text not null, \`hash\` text not null, \`revoked_at\` integer null, \`created_at\` integer not null, \`updated_at\` integer not null) strict;`,
    );
    this.addSql(`create unique index \`api_keys_hash_unique\` on \`api_keys\` (\`hash\`);`);

    this.addSql(
      `create table \`coupons\` (\`id\` integer not null primary key autoincrement, \`name\` text not null, \`discount_type\` text check (\`discount_type\` in ('FIXED', 'PERCENT')) not null, \`discount_value\` integer not null, \`max_discount_amount\` integer null, \`min_order_amount\` integer null, \`total_quantity\` integer not null, \`issued_quantity\` integer not null, \`used_quantity\` integer not null, \`starts_at\` integer null, \`expires_at\` integer null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`coupons_discount_check\` check (discount_value > 0 and (discount_type <> 'PERCENT' or discount_value <= 100)), constraint \`coupons_issued_check\` check (issued_quantity >= 0 and issued_quantity <= total_quantity), constraint \`coupons_used_check\` check (used_quantity >= 0 and used_quantity <= issued_quantity)) strict;`,
    );
    this.addSql(`create index \`coupons_created_at_id_index\` on \`coupons\` (\`created_at\`, \`id\`);`);

    this.addSql(
      `create table \`event_endpoints\` (\`id\` integer not null primary key autoincrement, \`url\` text not null, \`secret\` text not null, \`event_types\` text null, \`disabled_at\` integer null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null) strict;`,
    );

    this.addSql(
      `create table \`idempotency_records\` (\`principal\` text not null, \`key\` text not null, \`procedure\` text not null, \`request_hash\` text not null, \`answer\` text not null, \`created_at\` integer not null, primary key (\`principal\`, \`key\`)) strict;`,
    );

    this.addSql(
      `create table \`outbox_events\` (\`id\` integer not null primary key autoincrement, \`type\` text not null, \`aggregate_type\` text not null, \`aggregate_id\` integer not null, \`aggregate_version\` integer not null, \`schema_version\` integer not null, \`position\` integer null, \`payload\` text not null, \`created_at\` integer not null, \`updated_at\` integer not null) strict;`,
    );
    this.addSql(`create unique index \`outbox_events_position_unique\` on \`outbox_events\` (\`position\`);`);
    this.addSql(
      `create index \`outbox_events_aggregate_index\` on \`outbox_events\` (\`aggregate_type\`, \`aggregate_id\`, \`position\`);`,
    );
    this.addSql(
      `create index \`outbox_events_unplaced_index\` on \`outbox_events\` (\`created_at\`) where \`position\` is null;`,
    );
    this.addSql(
      `create unique index \`outbox_events_once_an_order_unique\` on \`outbox_events\` (\`aggregate_id\`, \`type\`) where \`type\` in ('order.placed', 'order.completed', 'order.cancelled', 'order.refunded');`,
    );

    this.addSql(
      `create table \`event_deliveries\` (\`id\` integer not null primary key autoincrement, \`endpoint_id\` integer not null, \`event_id\` integer not null, \`aggregate_type\` text not null, \`aggregate_id\` integer not null, \`position\` integer not null, \`status\` text check (\`status\` in ('PENDING', 'DELIVERED', 'DEAD')) not null, \`attempts\` integer not null, \`next_attempt_at\` integer not null, \`last_error\` text null, \`delivered_at\` integer null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`event_deliveries_endpoint_id_foreign\` foreign key (\`endpoint_id\`) references \`event_endpoints\` (\`id\`) on update no action on delete no action, constraint \`event_deliveries_event_id_foreign\` foreign key (\`event_id\`) references \`outbox_events\` (\`id\`) on update no action on delete no action, constraint \`event_deliveries_attempts_check\` check (attempts >= 0)) strict;`,
    );
    this.addSql(`create index \`event_deliveries_event_id_index\` on \`event_deliveries\` (\`event_id\`);`);
    this.addSql(
      `create index \`event_deliveries_due_index\` on \`event_deliveries\` (\`next_attempt_at\`) where \`status\` = 'PENDING';`,
    );
    this.addSql(
      `create index \`event_deliveries_order_index\` on \`event_deliveries\` (\`endpoint_id\`, \`aggregate_type\`, \`aggregate_id\`, \`position\`) where \`status\` = 'PENDING';`,
    );
    this.addSql(
      `create unique index \`event_deliveries_endpoint_id_event_id_unique\` on \`event_deliveries\` (\`endpoint_id\`, \`event_id\`);`,
    );

    this.addSql(
      `create table \`products\` (\`id\` integer not null primary key autoincrement, \`name\` text not null, \`description\` text not null, \`price\` integer not null, \`quantity\` integer not null, \`status\` text check (\`status\` in ('ON_SALE', 'HIDDEN')) not null, \`search_text\` text not null, \`sold_quantity\` integer not null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`products_price_check\` check (price >= 0), constraint \`products_quantity_check\` check (quantity >= 0), constraint \`products_sold_quantity_check\` check (sold_quantity >= 0)) strict;`,
    );
    this.addSql(
      `create index \`products_status_created_at_id_index\` on \`products\` (\`status\`, \`created_at\`, \`id\`);`,
    );
    this.addSql(`create index \`products_status_price_id_index\` on \`products\` (\`status\`, \`price\`, \`id\`);`);
    this.addSql(
      `create index \`products_status_sold_quantity_id_index\` on \`products\` (\`status\`, \`sold_quantity\`, \`id\`);`,
    );

    this.addSql(
      `create table \`daily_sales\` (\`id\` integer not null primary key autoincrement, \`day\` text not null, \`product_id\` integer not null, \`quantity\` integer not null, \`amount\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`daily_sales_product_id_foreign\` foreign key (\`product_id\`) references \`products\` (\`id\`) on update no action on delete no action, constraint \`daily_sales_quantity_check\` check (quantity >= 0 and amount >= 0)) strict;`,
    );
    this.addSql(`create index \`daily_sales_product_id_index\` on \`daily_sales\` (\`product_id\`);`);
    this.addSql(
      `create unique index \`daily_sales_day_product_id_unique\` on \`daily_sales\` (\`day\`, \`product_id\`);`,
    );

    this.addSql(
      `create table \`provider_webhooks\` (\`id\` integer not null primary key autoincrement, \`method\` text not null, \`message_id\` text null, \`outcome\` text check (\`outcome\` in ('ACCEPTED', 'REFUSED')) not null, \`detail\` text not null, \`created_at\` integer not null, \`updated_at\` integer not null) strict;`,
    );
    this.addSql(
      `create unique index \`provider_webhooks_accepted_unique\` on \`provider_webhooks\` (\`method\`, \`message_id\`) where \`outcome\` = 'ACCEPTED';`,
    );

    this.addSql(
      `create table \`stocks\` (\`id\` integer not null primary key autoincrement, \`product_id\` integer not null, \`quantity\` integer not null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`stocks_product_id_foreign\` foreign key (\`product_id\`) references \`products\` (\`id\`) on update no action on delete no action, constraint \`stocks_quantity_check\` check (quantity >= 0)) strict;`,
    );
    this.addSql(`create unique index \`stocks_product_id_unique\` on \`stocks\` (\`product_id\`);`);

    this.addSql(
      `create table \`users\` (\`id\` integer not null primary key autoincrement, \`name\` text not null, \`external_id\` text null, \`created_at\` integer not null, \`updated_at\` integer not null) strict;`,
    );
    this.addSql(`create unique index \`users_external_id_unique\` on \`users\` (\`external_id\`);`);

    this.addSql(
      `create table \`point_wallets\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`balance\` integer not null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`point_wallets_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action, constraint \`point_wallets_balance_check\` check (balance >= 0)) strict;`,
    );
    this.addSql(`create unique index \`point_wallets_user_id_unique\` on \`point_wallets\` (\`user_id\`);`);

    this.addSql(
      `create table \`point_charges\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`method\` text not null, \`amount\` integer not null, \`status\` text check (\`status\` in ('PENDING', 'PAID', 'FAILED')) not null, \`transaction_id\` text null, \`started_at\` integer not null, \`failure_reason\` text null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`point_charges_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action, constraint \`point_charges_amount_check\` check (amount > 0)) strict;`,
    );
    this.addSql(`create index \`point_charges_user_id_index\` on \`point_charges\` (\`user_id\`);`);
    this.addSql(
      `create unique index \`point_charges_transaction_id_unique\` on \`point_charges\` (\`transaction_id\`);`,
    );
    this.addSql(
      `create index \`point_charges_started_at_index\` on \`point_charges\` (\`started_at\`) where \`status\` = 'PENDING';`,
    );

    this.addSql(
      `create table \`carts\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`status\` text check (\`status\` in ('ACTIVE', 'ORDERED')) not null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`carts_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action) strict;`,
    );
    this.addSql(`create index \`carts_user_id_index\` on \`carts\` (\`user_id\`);`);
    this.addSql(
      `create unique index \`carts_one_active_unique\` on \`carts\` (\`user_id\`) where \`status\` = 'ACTIVE';`,
    );

    this.addSql(
      `create table \`cart_items\` (\`id\` integer not null primary key autoincrement, \`cart_id\` integer not null, \`product_id\` integer not null, \`quantity\` integer not null, \`price\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`cart_items_cart_id_foreign\` foreign key (\`cart_id\`) references \`carts\` (\`id\`) on update no action on delete no action, constraint \`cart_items_product_id_foreign\` foreign key (\`product_id\`) references \`products\` (\`id\`) on update no action on delete no action, constraint \`cart_items_quantity_check\` check (quantity > 0), constraint \`cart_items_price_check\` check (price >= 0)) strict;`,
    );
    this.addSql(`create index \`cart_items_product_id_index\` on \`cart_items\` (\`product_id\`);`);
    this.addSql(
      `create unique index \`cart_items_cart_id_product_id_unique\` on \`cart_items\` (\`cart_id\`, \`product_id\`);`,
    );

    this.addSql(
      `create table \`user_coupons\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`coupon_id\` integer not null, \`issued_at\` integer not null, \`expires_at\` integer null, \`used_at\` integer null, \`revoked_at\` integer null, \`order_id\` integer null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`user_coupons_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action, constraint \`user_coupons_coupon_id_foreign\` foreign key (\`coupon_id\`) references \`coupons\` (\`id\`) on update no action on delete no action, constraint \`user_coupons_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`user_coupons_used_check\` check ((used_at is null) = (order_id is null))) strict;`,
    );
    this.addSql(`create index \`user_coupons_coupon_id_index\` on \`user_coupons\` (\`coupon_id\`);`);
    this.addSql(`create index \`user_coupons_order_id_index\` on \`user_coupons\` (\`order_id\`);`);
    this.addSql(
      `create index \`user_coupons_user_id_created_at_id_index\` on \`user_coupons\` (\`user_id\`, \`created_at\`, \`id\`);`,
    );
    this.addSql(
      `create unique index \`user_coupons_user_id_coupon_id_unique\` on \`user_coupons\` (\`user_id\`, \`coupon_id\`);`,
    );

    this.addSql(
      `create table \`orders\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`cart_id\` integer null, \`user_coupon_id\` integer null, \`status\` text check (\`status\` in ('WAITING', 'COMPLETE', 'CANCELLED', 'REFUNDED')) not null, \`total_amount\` integer not null, \`discount_amount\` integer not null, \`used_point\` integer not null, \`expires_at\` integer null, \`completed_at\` integer null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`orders_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action, constraint \`orders_cart_id_foreign\` foreign key (\`cart_id\`) references \`carts\` (\`id\`) on update no action on delete no action, constraint \`orders_user_coupon_id_foreign\` foreign key (\`user_coupon_id\`) references \`user_coupons\` (\`id\`) on update no action on delete no action, constraint \`orders_total_amount_check\` check (total_amount >= 0), constraint \`orders_discount_amount_check\` check (discount_amount >= 0 and discount_amount <= total_amount), constraint \`orders_used_point_check\` check (used_point >= 0 and used_point <= total_amount - discount_amount), constraint \`orders_completed_at_check\` check ((status = 'COMPLETE' or status = 'REFUNDED') = (completed_at is not null)), constraint \`orders_expires_at_check\` check ((status = 'WAITING') = (expires_at is not null))) strict;`,
    );
    this.addSql(`create index \`orders_cart_id_index\` on \`orders\` (\`cart_id\`);`);
    this.addSql(`create index \`orders_user_coupon_id_index\` on \`orders\` (\`user_coupon_id\`);`);
    this.addSql(
      `create index \`orders_user_id_created_at_id_index\` on \`orders\` (\`user_id\`, \`created_at\`, \`id\`);`,
    );
    this.addSql(`create index \`orders_created_at_id_index\` on \`orders\` (\`created_at\`, \`id\`);`);
    this.addSql(
      `create index \`orders_status_created_at_id_index\` on \`orders\` (\`status\`, \`created_at\`, \`id\`);`,
    );
    this.addSql(
      `create index \`orders_expires_at_index\` on \`orders\` (\`expires_at\`) where \`status\` = 'WAITING';`,
    );

    this.addSql(
      `create table \`stock_entries\` (\`id\` integer not null primary key autoincrement, \`product_id\` integer not null, \`reason\` text check (\`reason\` in ('INITIAL', 'ADJUST', 'ORDER', 'CANCEL', 'REFUND')) not null, \`quantity\` integer not null, \`order_id\` integer null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`stock_entries_product_id_foreign\` foreign key (\`product_id\`) references \`products\` (\`id\`) on update no action on delete no action, constraint \`stock_entries_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`stock_entries_quantity_check\` check (quantity <> 0)) strict;`,
    );
    this.addSql(`create index \`stock_entries_product_id_index\` on \`stock_entries\` (\`product_id\`);`);
    this.addSql(`create index \`stock_entries_order_id_index\` on \`stock_entries\` (\`order_id\`);`);

    this.addSql(
      `create table \`point_entries\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`type\` text check (\`type\` in ('CHARGE', 'USE', 'REFUND', 'ADJUST')) not null, \`amount\` integer not null, \`balance_after\` integer not null, \`sequence\` integer not null, \`reason\` text null, \`order_id\` integer null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`point_entries_user_id_foreign\` foreign key (\`user_id\`) references \`users\` (\`id\`) on update no action on delete no action, constraint \`point_entries_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`point_entries_balance_after_check\` check (balance_after >= 0), constraint \`point_entries_sign_check\` check (amount <> 0 and (type <> 'USE' or amount < 0) and (type = 'USE' or type = 'ADJUST' or amount > 0))) strict;`,
    );
    this.addSql(`create index \`point_entries_order_id_index\` on \`point_entries\` (\`order_id\`);`);
    this.addSql(
      `create unique index \`point_entries_user_id_sequence_unique\` on \`point_entries\` (\`user_id\`, \`sequence\`);`,
    );

    this.addSql(
      `create table \`payments\` (\`id\` integer not null primary key autoincrement, \`order_id\` integer not null, \`method\` text null, \`amount\` integer not null, \`status\` text check (\`status\` in ('PENDING', 'PAID', 'FAILED', 'REFUNDED')) not null, \`transaction_id\` text null, \`started_at\` integer null, \`refunded_amount\` integer not null, \`failure_reason\` text null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`payments_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`payments_amount_check\` check (amount >= 0), constraint \`payments_refunded_amount_check\` check (refunded_amount >= 0 and refunded_amount <= amount)) strict;`,
    );
    this.addSql(`create index \`payments_order_id_index\` on \`payments\` (\`order_id\`);`);
    this.addSql(`create unique index \`payments_transaction_id_unique\` on \`payments\` (\`transaction_id\`);`);
    this.addSql(
      `create index \`payments_started_at_index\` on \`payments\` (\`started_at\`) where \`status\` = 'PENDING';`,
    );
    this.addSql(
      `create unique index \`payments_one_paid_unique\` on \`payments\` (\`order_id\`) where \`status\` = 'PAID';`,
    );
    this.addSql(
      `create unique index \`payments_one_pending_unique\` on \`payments\` (\`order_id\`) where \`status\` = 'PENDING';`,
    );

    this.addSql(
      `create table \`refunds\` (\`id\` integer not null primary key autoincrement, \`order_id\` integer not null, \`payment_id\` integer not null, \`amount\` integer not null, \`points\` integer not null, \`is_whole\` integer not null, \`reason\` text null, \`status\` text check (\`status\` in ('PENDING', 'COMPLETE', 'FAILED')) not null, \`transaction_id\` text null, \`version\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`refunds_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`refunds_payment_id_foreign\` foreign key (\`payment_id\`) references \`payments\` (\`id\`) on update no action on delete no action, constraint \`refunds_amount_check\` check (amount >= 0 and points >= 0)) strict;`,
    );
    this.addSql(`create index \`refunds_order_id_index\` on \`refunds\` (\`order_id\`);`);
    this.addSql(`create index \`refunds_payment_id_index\` on \`refunds\` (\`payment_id\`);`);
    this.addSql(`create unique index \`refunds_transaction_id_unique\` on \`refunds\` (\`transaction_id\`);`);
    this.addSql(`create index \`refunds_pending_index\` on \`refunds\` (\`created_at\`) where \`status\` = 'PENDING';`);

    this.addSql(
      `create table \`order_items\` (\`id\` integer not null primary key autoincrement, \`order_id\` integer not null, \`product_id\` integer not null, \`product_name\` text not null, \`description\` text not null, \`price\` integer not null, \`quantity\` integer not null, \`discount_amount\` integer not null, \`refunded_quantity\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`order_items_order_id_foreign\` foreign key (\`order_id\`) references \`orders\` (\`id\`) on update no action on delete no action, constraint \`order_items_product_id_foreign\` foreign key (\`product_id\`) references \`products\` (\`id\`) on update no action on delete no action, constraint \`order_items_price_check\` check (price >= 0), constraint \`order_items_quantity_check\` check (quantity > 0), constraint \`order_items_discount_amount_check\` check (discount_amount >= 0), constraint \`order_items_refunded_quantity_check\` check (refunded_quantity >= 0 and refunded_quantity <= quantity)) strict;`,
    );
    this.addSql(`create index \`order_items_product_id_index\` on \`order_items\` (\`product_id\`);`);
    this.addSql(
      `create unique index \`order_items_order_id_product_id_unique\` on \`order_items\` (\`order_id\`, \`product_id\`);`,
    );

    this.addSql(
      `create table \`refund_items\` (\`id\` integer not null primary key autoincrement, \`refund_id\` integer not null, \`order_item_id\` integer not null, \`quantity\` integer not null, \`amount\` integer not null, \`created_at\` integer not null, \`updated_at\` integer not null, constraint \`refund_items_refund_id_foreign\` foreign key (\`refund_id\`) references \`refunds\` (\`id\`) on update no action on delete no action, constraint \`refund_items_order_item_id_foreign\` foreign key (\`order_item_id\`) references \`order_items\` (\`id\`) on update no action on delete no action, constraint \`refund_items_quantity_check\` check (quantity > 0), constraint \`refund_items_amount_check\` check (amount >= 0)) strict;`,
    );
    this.addSql(`create index \`refund_items_order_item_id_index\` on \`refund_items\` (\`order_item_id\`);`);
    this.addSql(
      `create unique index \`refund_items_refund_id_order_item_id_unique\` on \`refund_items\` (\`refund_id\`, \`order_item_id\`);`,
    );
  }
}
