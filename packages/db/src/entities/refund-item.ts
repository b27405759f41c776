import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, quantity, timestamps } from './columns.ts';
import { OrderItem } from './order-item.ts';
import { Refund } from './refund.ts';

const RefundItemSchema = defineEntity({
  name: 'RefundItem',
  tableName: 'refund_items',
  properties: {
    id: id(),
    refundId: () => p.manyToOne(Refund).mapToPk().joinColumn('refund_id').index(false),
    orderItemId: () => p.manyToOne(OrderItem).mapToPk().joinColumn('order_item_id').index(),
    quantity: quantity(),
    // What these pieces cost less their share of the discount: money and points together.
    amount: amount(),
    ...timestamps,
  },
  uniques: [{ name: 'refund_items_refund_id_order_item_id_unique', properties: ['refundId', 'orderItemId'] }],
  checks: [
    { name: 'refund_items_quantity_check', expression: 'quantity > 0' },
    { name: 'refund_items_amount_check', expression: 'amount >= 0' },
  ],
});

/** The pieces of one order line that went back with a refund, never edited. */
export class RefundItem extends RefundItemSchema.class {}

RefundItemSchema.setClass(RefundItem);
