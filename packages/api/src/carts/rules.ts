import type { Cart, CartItem, Product, Row } from '@baguni/db';
import { DomainError } from '../errors.ts';
import { LINE_QUANTITY_MAX, LINES_MAX } from '../limits.ts';
import type { CartView } from './schema.ts';

/** Refuses with `CART_LINES_LIMIT` or `CART_QUANTITY_LIMIT` what a cart cannot hold. */
export function assertFits(items: readonly CartItem[], productId: number, quantity: number): void {
  const isNewLine = !items.some((item) => item.productId === productId);
  if (isNewLine && items.length >= LINES_MAX) {
    throw new DomainError('CART_LINES_LIMIT', `A cart holds at most ${LINES_MAX} lines.`, { limit: LINES_MAX });
  }
  if (quantity > LINE_QUANTITY_MAX) {
    throw new DomainError('CART_QUANTITY_LIMIT', `A line holds at most ${LINE_QUANTITY_MAX} pieces, not ${quantity}.`, {
      productId,
      limit: LINE_QUANTITY_MAX,
    });
  }
}

export function cartItemNotFound(productId: number): DomainError {
  return new DomainError('CART_ITEM_NOT_FOUND', `Product ${productId} is not in the cart.`, { productId });
}

/** The cart as the customer sees it: at today's prices. */
export function toCartView(
  cart: Pick<Cart, 'version'> | undefined,
  items: readonly Row<CartItem>[],
  products: readonly Row<Product>[],
): CartView {
  const byId = new Map(products.map((product) => [product.id, product]));
  const lines = items.flatMap(({ productId, quantity, price: priceWhenAdded }) => {
    const product = byId.get(productId);
    if (!product) return [];
    const { name: productName, price } = product;
    const isAvailable = product.status === 'ON_SALE' && quantity <= product.quantity;
    return [{ productId, productName, quantity, price, priceWhenAdded, amount: price * quantity, isAvailable }];
  });
  return {
    items: lines,
    totalAmount: lines.reduce((total, { amount }) => total + amount, 0),
    version: cart?.version ?? 0,
  };
}
