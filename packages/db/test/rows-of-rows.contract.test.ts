import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Asked,
  Cart,
  CartItem,
  Coupon,
  command,
  Order,
  openDatabase,
  PointWallet,
  Product,
  type Rows,
  Stock,
  UserCoupon,
} from '../src/index.ts';
import { addCart, addCoupon, addItem, claimCoupon, present, takeCart } from './commands.ts';
import { openShop, Shop } from './shop.ts';

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

test('a null beside the field of other rows finds what is null', async () => {
  const shop = await openShop();
  const { userId } = await givenClaim(shop);
  const countUnused = command({
    name: 'test.countUnused',
    load: (rows) => {
      const orders = rows.lockAll(Order, { userId });
      return { orders, held: rows.findAll(UserCoupon, { userId, orderId: [null, orders.each('id')] }) };
    },
    decide: ({ held }) => held.length,
  });

  expect(await shop.run(countUnused, undefined)).toBe(1);
});

test.for<[string, (rows: Rows, cart: Asked<Cart, Cart | undefined>) => Asked<CartItem, CartItem[]>]>([
  ['by an id alone', (rows) => rows.lockAll(CartItem, { cartId: 1 })],
  ['also of another cart', (rows, cart) => rows.lockAll(CartItem, { cartId: [2, cart.each('id')] })],
  ['by another field of the cart', (rows, cart) => rows.lockAll(CartItem, { cartId: cart.each('userId') })],
  ['of a cart that is only read', (rows) => rows.lockAll(CartItem, { cartId: rows.find(Cart, { id: 1 }).each('id') })],
])('lines can only be changed under the lock of their cart, and not %s', async ([, lockLines]) => {
  const shop = await openShop();
  const changeLines = command({
    name: 'test.changeLines',
    load: (rows) => ({ items: lockLines(rows, rows.lock(Cart, { id: 1 })) }),
    decide: () => ({}),
  });

  await expect(shop.run(changeLines, undefined)).rejects.toThrow(
    'CartItem rows are changed under the lock of their Cart, by whose id they are named.',
  );
});

test('a cart that is ordered and begun anew at once takes no transaction back', async () => {
  const url = await freshDatabaseUrl();
  const sent: string[] = [];
  const database = await openDatabase(url, {
    interceptor: ({ sql, send }) => {
      sent.push(sql);
      return send();
    },
  });
  onTestFinished(() => database.close());
  await database.migrate();
  const shop = new Shop(url, database, {});
  const [tea = 0, cup = 0] = await shop.givenProducts(2, 10);
  const userId = await shop.givenUser();
  const { cartId } = await shop.run(addCart, { userId });
  await shop.run(addItem, { cartId, productId: tea, quantity: 1 });
  const fill = command({
    name: 'test.fill',
    load: (rows) => {
      const cart = rows.lock(Cart, { userId, status: 'ACTIVE' });
      return { cart, items: rows.lockAll(CartItem, { cartId: cart.each('id') }) };
    },
    decide: ({ cart }, _input, changes) => {
      const kept = cart ?? changes.add(Cart, { userId, status: 'ACTIVE' });
      changes.add(CartItem, { cartId: kept.id, productId: cup, quantity: 1, price: 500 });
      return { isNew: cart === undefined };
    },
  });

  sent.length = 0;
  const [taken, filled] = await Promise.all([shop.run(takeCart, { cartId }), shop.run(fill, undefined)]);

  expect(taken).toEqual({ lines: [{ productId: tea, quantity: 1 }] });
  expect(filled).toEqual({ isNew: true });
  expect(sent.filter((sql) => sql.startsWith('rollback'))).toEqual([]);
});

async function givenClaim(shop: Shop) {
  const userId = await shop.givenUser();
  const { couponId } = await shop.run(addCoupon, { totalQuantity: 3 });
  await shop.run(claimCoupon, { couponId, userId });
  return { userId, couponId };
}
