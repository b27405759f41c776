import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, quantity, timestamps } from './columns.ts';
import { Order } from './order.ts';
import { Product } from './product.ts';

const OrderItemSchema = defineEntity({
  name: 'OrderItem',
  tableName: 'order_items',
  properties: {
    id: id(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').index(false),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id'),
    productName: p.string().length(200),
    description: p.string().length(2000),
    price: amount(),
    quantity: quantity(),
    // The line's share of the order's discount.
    discountAmount: amount(),
    // How many of the pieces went back.
    refundedQuantity: quantity(),
    ...timestamps,
  },
  uniques: [{ name: 'order_items_order_id_product_id_unique', properties: ['orderId', 'productId'] }],
  checks: [
    { name: 'order_items_price_check', expression: 'price >= 0' },
    { name: 'order_items_quantity_check', expression: 'quantity > 0' },
    { name: 'order_items_discount_amount_check', expression: 'discount_amount >= 0' },
    {
      name: 'order_items_refunded_quantity_check',
      expression: 'refunded_quantity >= 0 and refunded_quantity <= quantity',
    },
  ],
});

/** One line of an order: the product as it was when the order was placed. */
export class OrderItem extends OrderItemSchema.class {
  /** Counts pieces that went back. */
  refund(pieces: number, now: Date): void {
    this.refundedQuantity += pieces;
    this.updatedAt = now;
  }
}

OrderItemSchema.setClass(OrderItem);
