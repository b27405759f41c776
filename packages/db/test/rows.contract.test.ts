import { expect, test } from 'vitest';
import { CartItem, command, PointEntry, PointWallet, Product, Stock, UserCoupon } from '../src/index.ts';
import { addCart, addCoupon, addItem, adjustStock, claimCoupon, present } from './commands.ts';
import { openShop } from './shop.ts';

test('a lock that is asked for out of order is a clear error', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);
  const lockBackwards = command({
    name: 'test.lockBackwards',
    load: async (rows, input: { productId: number }) => {
      const product = rows.lock(Product, { id: input.productId });
      await product;
      return { product, stock: rows.lock(Stock, { productId: input.productId }) };
    },
    decide: () => ({}),
  });

  await expect(shop.run(lockBackwards, { productId })).rejects.toThrow(
    'Stock rows are locked too late: lock-order.ts names the order.',
  );
});

test('rows that are only ever added cannot be locked', async () => {
  const shop = await openShop();
  const lockEntries = command({
    name: 'test.lockEntries',
    load: (rows, input: { userId: number }) => ({ entries: rows.lockAll(PointEntry, { userId: input.userId }) }),
    decide: () => ({}),
  });

  await expect(shop.run(lockEntries, { userId: 1 })).rejects.toThrow('PointEntry rows are only ever added');
});

test('a load that awaits something other than rows is a clear error', async () => {
  const shop = await openShop();
  const awaitForEver = command({
    name: 'test.awaitForEver',
    load: async () => {
      await new Promise<never>(() => undefined);
      return {};
    },
    decide: () => ({}),
  });

  await expect(shop.run(awaitForEver, undefined)).rejects.toThrow('A load awaits something other than its rows.');
});

test('rows come in order of id, whatever the order of the keys', async () => {
  const shop = await openShop();
  const ids = await shop.givenProducts(5, 1);

  expect(await shop.run(listProducts, { productIds: ids.toReversed() })).toEqual(ids);
});

test('a key that is named twice gives its row once', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);

  expect(await shop.run(listProducts, { productIds: [productId, productId] })).toEqual([productId]);
});

test('an empty list of keys gives no rows, alone and beside others', async () => {
  const shop = await openShop();
  const ids = await shop.givenProducts(2, 1);

  expect(await shop.run(listProducts, { productIds: [] })).toEqual([]);
  expect(
    await Promise.all([shop.run(listProducts, { productIds: [] }), shop.run(listProducts, { productIds: ids })]),
  ).toEqual([[], ids]);
});

test('loads that ask by null and by a value are not mixed up', async () => {
  const shop = await openShop();
  const { couponId } = await shop.run(addCoupon, { totalQuantity: 10 });
  const [kim = 0, lee = 0] = await shop.givenUsers(2);
  await Promise.all([kim, lee].map((userId) => shop.run(claimCoupon, { couponId, userId })));

  const [free, used, both] = await Promise.all([
    shop.run(countCoupons, { userId: kim, orderId: null }),
    shop.run(countCoupons, { userId: kim, orderId: 7 }),
    shop.run(countCoupons, { userId: [kim, lee], orderId: [null, 7] }),
  ]);

  expect([free, used, both]).toEqual([1, 0, 2]);
});

test('loads that ask by different columns get what each asked for', async () => {
  const shop = await openShop();
  const [tea = 0, cup = 0] = await shop.givenProducts(2, 3);
  const em = shop.database.fork();
  const stock = present((await em.find(Stock, { productId: cup }))[0]);
  const byId = command({
    name: 'test.stockById',
    load: (rows, input: { stockId: number }) => ({ stock: rows.find(Stock, { id: input.stockId }) }),
    decide: (rows) => rows.stock?.productId,
  });
  const byProduct = command({
    name: 'test.stockByProduct',
    load: (rows, input: { productId: number; quantity: number }) => ({ stock: rows.find(Stock, input) }),
    decide: (rows) => rows.stock?.productId,
  });

  expect(
    await Promise.all([
      shop.run(byId, { stockId: stock.id }),
      shop.run(byProduct, { productId: tea, quantity: 3 }),
      shop.run(byProduct, { productId: cup, quantity: 4 }),
      shop.run(byProduct, { productId: cup, quantity: 3 }),
      shop.run(byId, { stockId: 0 }),
    ]),
  ).toEqual([cup, tea, undefined, cup, undefined]);
});

test('a row that an earlier command changed is found by what it is now, and no longer by what it was', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);
  const setStatus = command({
    name: 'test.setStatus',
    load: (rows, input: { productId: number; status: 'HIDDEN' | 'ON_SALE' }) => ({
      product: rows.lock(Product, { id: input.productId }),
    }),
    decide: ({ product }, { status }, { now }) => {
      present(product).change({ status }, now);
      return {};
    },
  });
  const findByStatus = command({
    name: 'test.findByStatus',
    load: (rows, input: { status: 'HIDDEN' | 'ON_SALE' }) => ({
      products: rows.findAll(Product, { status: input.status }),
    }),
    decide: ({ products }) => products.map(({ id }) => id),
  });

  const [hidden, , onSaleAfter, hiddenAfter, , hiddenInTheEnd] = await Promise.all([
    shop.run(findByStatus, { status: 'HIDDEN' }),
    shop.run(setStatus, { productId, status: 'HIDDEN' }),
    shop.run(findByStatus, { status: 'ON_SALE' }),
    shop.run(findByStatus, { status: 'HIDDEN' }),
    shop.run(setStatus, { productId, status: 'ON_SALE' }),
    shop.run(findByStatus, { status: 'HIDDEN' }),
  ]);

  expect({ hidden, onSaleAfter, hiddenAfter, hiddenInTheEnd }).toEqual({
    hidden: [],
    onSaleAfter: [],
    hiddenAfter: [productId],
    hiddenInTheEnd: [],
  });
});

test('a load that went by a column of a row without a version runs again when that column changed', async () => {
  const shop = await openShop({ clock: () => new Date('2026-03-01T12:00:00Z') });
  const [tea = 0, cup = 0] = await shop.givenProducts(2, 3);
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  await shop.run(addItem, { cartId, productId: tea, quantity: 1 });
  // Which stock it asks for depends on how many pieces the line has.
  const goByQuantity = command({
    name: 'test.goByQuantity',
    load: async (rows, input: { cartId: number }) => {
      const item = rows.find(CartItem, { cartId: input.cartId, productId: tea });
      return { stock: rows.find(Stock, { productId: (await item)?.quantity === 1 ? tea : cup }) };
    },
    decide: ({ stock }) => stock?.productId,
  });

  const [before, , after] = await Promise.all([
    shop.run(goByQuantity, { cartId }),
    shop.run(addItem, { cartId, productId: tea, quantity: 1 }),
    shop.run(goByQuantity, { cartId }),
  ]);

  expect([before, after]).toEqual([tea, cup]);
});

test('rows named without being awaited show what earlier commands of the transaction did', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);
  const readStock = command({
    name: 'test.readStock',
    load: (rows, input: { productId: number }) => ({
      stock: rows.find(Stock, input),
      nothing: rows.find(PointWallet, { userId: 0 }),
    }),
    decide: ({ stock, nothing }) => ({ quantity: stock?.quantity, nothing }),
  });

  const [before, , after] = await Promise.all([
    shop.run(readStock, { productId }),
    shop.run(adjustStock, { productId, delta: -4 }),
    shop.run(readStock, { productId }),
  ]);

  expect([before, after]).toEqual([
    { quantity: 10, nothing: undefined },
    { quantity: 6, nothing: undefined },
  ]);
});

const listProducts = command({
  name: 'test.listProducts',
  load: (rows, { productIds }: { productIds: number[] }) => ({ products: rows.findAll(Product, { id: productIds }) }),
  decide: ({ products }) => products.map(({ id }) => id),
});

const countCoupons = command({
  name: 'test.countCoupons',
  load: (rows, input: { userId: number | number[]; orderId: number | null | (number | null)[] }) => ({
    coupons: rows.findAll(UserCoupon, input),
  }),
  decide: ({ coupons }) => coupons.length,
});
