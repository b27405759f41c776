import { assertVersion, Cart, CartItem, command, Product, type Rows } from '@baguni/db';
import type { Owned } from '../procedures.ts';
import { assertOnSale } from '../products/rules.ts';
import { assertFits, cartItemNotFound, toCartView } from './rules.ts';
import type { CartItemInput, ClearCartInput, RemoveItemInput, SetQuantityInput } from './schema.ts';

/** The caller's cart with its lines and their products, and the product that is to be added. */
function loadCart(rows: Rows, userId: number, ...added: number[]) {
  const cart = rows.lock(Cart, { userId, status: 'ACTIVE' });
  const items = rows.lockAll(CartItem, { cartId: cart.each('id') });
  return { cart, items, products: rows.findAll(Product, { id: [...added, items.each('productId')] }) };
}

export const addItem = command({
  name: 'cart.addItem',
  load: (rows, { userId, productId }: CartItemInput & Owned) => loadCart(rows, userId, productId),
  decide: ({ cart, items, products }, { userId, productId, quantity, expectedVersion }, changes) => {
    const { price } = assertOnSale(
      products.find(({ id }) => id === productId),
      productId,
    );
    assertCartVersion(cart, expectedVersion);
    const item = items.find((line) => line.productId === productId);
    assertFits(items, productId, (item?.quantity ?? 0) + quantity);

    const kept = cart ?? changes.add(Cart, { userId, status: 'ACTIVE' });
    if (cart) kept.touch(changes.now);
    if (item) {
      item.put(item.quantity + quantity, price, changes.now);
      return toCartView(kept, items, products);
    }
    const added = changes.add(CartItem, { cartId: kept.id, productId, quantity, price });
    return toCartView(kept, [...items, added], products);
  },
});

export const setQuantity = command({
  name: 'cart.setQuantity',
  load: (rows, { userId }: SetQuantityInput & Owned) => loadCart(rows, userId),
  decide: ({ cart, items, products }, { productId, quantity, expectedVersion }, changes) => {
    const item = items.find((line) => line.productId === productId);
    if (!cart || !item) throw cartItemNotFound(productId);
    assertCartVersion(cart, expectedVersion);

    cart.touch(changes.now);
    if (quantity > 0) item.put(quantity, item.price, changes.now);
    else changes.remove(item);
    return toCartView(cart, quantity > 0 ? items : items.filter((line) => line !== item), products);
  },
});

export const removeItem = command({
  name: 'cart.removeItem',
  load: (rows, { userId }: RemoveItemInput & Owned) => loadCart(rows, userId),
  decide: ({ cart, items, products }, { productId, expectedVersion }, changes) => {
    const item = items.find((line) => line.productId === productId);
    if (!cart || !item) throw cartItemNotFound(productId);
    assertCartVersion(cart, expectedVersion);

    cart.touch(changes.now);
    changes.remove(item);
    return toCartView(
      cart,
      items.filter((line) => line !== item),
      products,
    );
  },
});

export const clearCart = command({
  name: 'cart.clear',
  load: (rows, { userId }: ClearCartInput & Owned) => loadCart(rows, userId),
  decide: ({ cart, items }, { expectedVersion }, changes) => {
    assertCartVersion(cart, expectedVersion);
    if (items.length > 0) cart?.touch(changes.now);
    for (const item of items) changes.remove(item);
    return toCartView(cart, [], []);
  },
});

// Before anything is put into a cart, its version is 0.
function assertCartVersion(cart: Cart | undefined, expectedVersion: number | undefined): void {
  assertVersion({ version: cart?.version ?? 0 }, expectedVersion);
}
