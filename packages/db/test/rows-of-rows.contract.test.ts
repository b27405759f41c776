import { expect, test } from 'vitest';
import { CartItem, Coupon, command, Order, PointWallet, Product, Stock, UserCoupon } from '../src/index.ts';
import { addCart, addCoupon, addItem, claimCoupon, present, takeCart } from './commands.ts';
import { openShop, type Shop } from './shop.ts';

// Rows that a load asks for by what other rows say, before these are here.

test('of forty carts taken at once each gives its own lines', async () => {
  const shop = await openShop();
  const productIds = await shop.givenProducts(10, 100);
  const carts = await Promise.all((await shop.givenUsers(40)).map((userId) => shop.run(addCart, { userId })));
  const lines = carts.map(({ cartId }, place) => ({ cartId, productId: present(productIds[place % 10]) }));
  await Promise.all(lines.map((line, place) => shop.run(addItem, { ...line, quantity: 1 + (place % 3) })));

  const taken = await Promise.all(carts.map(({ cartId }) => shop.run(takeCart, { cartId })));

  expect(taken).toEqual(lines.map(({ productId }, place) => ({ lines: [{ productId, quantity: 1 + (place % 3) }] })));
  const books = await shop.stockBooks();
  expect(books.reduce((sum, { stock }) => sum + stock, 0)).toBe(1_000 - 79);
  expect(books.every(({ stock, copy, entries }) => stock === copy && stock === entries)).toBe(true);
});

test('a cart that is not there, or is empty, names no rows', async () => {
  const shop = await openShop();
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  const listLines = command({
    name: 'test.listLines',
    load: (rows, { ids }: { ids: number[] }) => {
      const items = rows.findAll(CartItem, { cartId: ids });
      return { items, products: rows.findAll(Product, { id: items.each('productId') }) };
    },
    decide: ({ items, products }) => ({ items: items.length, products: products.length }),
  });

  expect(await shop.run(listLines, { ids: [cartId, 0] })).toEqual({ items: 0, products: 0 });
  expect(await shop.run(listLines, { ids: [] })).toEqual({ items: 0, products: 0 });
});

test('a field that is null names no rows', async () => {
  const shop = await openShop();
  const { userId, couponId } = await givenClaim(shop);
  const orderOf = command({
    name: 'test.orderOf',
    load: (rows, input: { userId: number; couponId: number }) => {
      const held = rows.find(UserCoupon, input);
      return { held, order: rows.find(Order, { id: held.each('orderId') }) };
    },
    decide: ({ held, order }) => ({ isHeld: held !== undefined, order }),
  });

  expect(await shop.run(orderOf, { userId, couponId })).toEqual({ isHeld: true, order: undefined });
});

test('rows are found by values and by the fields of other rows at once', async () => {
  const shop = await openShop();
  const [tea = 0, cup = 0, pot = 0] = await shop.givenProducts(3, 1);
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  await shop.run(addItem, { cartId, productId: cup, quantity: 1 });
  const listProducts = command({
    name: 'test.listProducts',
    load: (rows, { added }: { added: number[] }) => {
      const items = rows.findAll(CartItem, { cartId });
      return { items, products: rows.findAll(Product, { id: [...added, items.each('productId')] }) };
    },
    decide: ({ products }) => products.map(({ id }) => id),
  });

  expect(
    await Promise.all([
      shop.run(listProducts, { added: [pot, tea] }),
      shop.run(listProducts, { added: [] }),
      shop.run(listProducts, { added: [cup] }),
    ]),
  ).toEqual([[tea, cup, pot], [cup], [cup]]);
});

test('rows of several kinds that come in one statement hold what they hold when they come alone', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(7);
  const { userId, couponId } = await givenClaim(shop);
  const readAll = command({
    name: 'test.readAll',
    load: (rows) => ({
      products: rows.findAll(Product, { id: productId }),
      stocks: rows.findAll(Stock, { productId }),
      coupons: rows.findAll(Coupon, { id: couponId }),
      held: rows.findAll(UserCoupon, { userId }),
      wallets: rows.findAll(PointWallet, { userId }),
    }),
    decide: (loaded) => structuredClone(Object.values(loaded).map((rows) => rows.map((row) => ({ ...row })))),
  });

  const { database } = shop;
  const alone = await Promise.all([
    database.read(Product, { id: productId }),
    database.read(Stock, { productId }),
    database.read(Coupon, { id: couponId }),
    database.read(UserCoupon, { userId }),
    database.read(PointWallet, { userId }),
  ]);
  expect(alone.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
  expect(await shop.run(readAll, undefined)).toEqual(alone);
});

test('a lock that goes by rows which are locked later is a clear error', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);
  const lockBackwards = command({
    name: 'test.lockBackwards',
    load: (rows) => {
      const product = rows.lock(Product, { id: productId });
      return { product, stock: rows.lock(Stock, { productId: product.each('id') }) };
    },
    decide: () => ({}),
  });

  await expect(shop.run(lockBackwards, undefined)).rejects.toThrow(
    'Stock rows are locked too late: lock-order.ts names the order.',
  );
});

test('lines can only be changed under the lock of their cart', async () => {
  const shop = await openShop();
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  const lockLines = command({
    name: 'test.lockLines',
    load: (rows) => ({ items: rows.lockAll(CartItem, { cartId }) }),
    decide: () => ({}),
  });

  await expect(shop.run(lockLines, undefined)).rejects.toThrow(
    'CartItem rows are changed under the lock of their Cart: ask for them by its rows.',
  );
});

async function givenClaim(shop: Shop) {
  const userId = await shop.givenUser();
  const { couponId } = await shop.run(addCoupon, { totalQuantity: 3 });
  await shop.run(claimCoupon, { couponId, userId });
  return { userId, couponId };
}
