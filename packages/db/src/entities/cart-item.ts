import { defineEntity, p } from '@mikro-orm/core';
import { Cart } from './cart.ts';
import { amount, id, quantity, timestamps } from './columns.ts';
import { Product } from './product.ts';

const CartItemSchema = defineEntity({
  name: 'CartItem',
  tableName: 'cart_items',
  properties: {
    id: id(),
    cartId: () => p.manyToOne(Cart).mapToPk().joinColumn('cart_id').index(false),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id'),
    quantity: quantity(),
    price: amount(),
    ...timestamps,
  },
  uniques: [{ name: 'cart_items_cart_id_product_id_unique', properties: ['cartId', 'productId'] }],
  checks: [
    { name: 'cart_items_quantity_check', expression: 'quantity > 0' },
    { name: 'cart_items_price_check', expression: 'price >= 0' },
  ],
});

/** One line of a cart. `price` is what the customer saw when the product was added. */
export class CartItem extends CartItemSchema.class {
  put(pieces: number, price: number, now: Date): void {
    this.quantity = pieces;
    this.price = price;
    this.updatedAt = now;
  }
}

CartItemSchema.setClass(CartItem);
