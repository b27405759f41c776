import { expect, test } from 'vitest';
import { branch, Cart, CartItem, Product, Stock } from '../src/index.ts';
import { addCart, addItem, present } from './commands.ts';
import { openShop } from './shop.ts';

test('a tree holds what its rows hold when they are read alone, each kind in its order', async () => {
  const shop = await openShop();
  const { database } = shop;
  const productIds = await shop.givenProducts(3, 5);
  const userIds = await shop.givenUsers(3);
  for (const [place, userId] of userIds.entries()) {
    const { cartId } = await shop.run(addCart, { userId });
    for (const productId of productIds.slice(place).toReversed()) {
      await shop.run(addItem, { cartId, productId, quantity: 1 + place });
    }
  }
  const where = { userId: { $in: userIds.slice(0, 2) } };

  const tree = await database.readTree(
    Cart,
    where,
    { orderBy: { userId: 'desc' }, limit: 2 },
    {
      items: branch(CartItem, 'cartId'),
      products: branch(Product, 'id', { of: 'items', by: 'productId' }),
      stocks: branch(Stock, 'productId', { of: 'products' }),
    },
  );

  const carts = await database.read(Cart, where, { orderBy: { userId: 'desc' } });
  const ofCarts = { cartId: { $in: carts.map(({ id }) => id) } };
  expect(tree).toEqual({
    root: carts,
    items: await database.read(CartItem, ofCarts, { orderBy: { id: 'asc' } }),
    products: await database.read(Product, {}, { orderBy: { id: 'asc' } }),
    stocks: await database.read(Stock, {}, { orderBy: { id: 'asc' } }),
  });
  expect([tree.root, tree.items, tree.products].map(({ length }) => length)).toEqual([2, 5, 3]);
});

test('only what belongs to the rows within the limit comes with them', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(5);
  const userIds = await shop.givenUsers(2);
  const carts = [];
  for (const userId of userIds) carts.push((await shop.run(addCart, { userId })).cartId);
  for (const cartId of carts) await shop.run(addItem, { cartId, productId, quantity: 1 });

  const { root, items } = await shop.database.readTree(
    Cart,
    {},
    { orderBy: { id: 'desc' }, limit: 1 },
    { items: branch(CartItem, 'cartId') },
  );

  expect(root.map(({ id }) => id)).toEqual([present(carts.at(-1))]);
  expect(items.map(({ cartId }) => cartId)).toEqual([present(carts.at(-1))]);
});

test('a tree without rows has empty branches', async () => {
  const { database } = await openShop();

  const tree = await database.readTree(Cart, { id: 1 }, {}, { items: branch(CartItem, 'cartId') });

  expect(tree).toEqual({ root: [], items: [] });
});
