import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import {
  Cart,
  CartItem,
  command,
  type Interceptor,
  openDatabase,
  PointWallet,
  Product,
  UnitOfWork,
} from '../src/index.ts';
import { addCart, addItem, addUser, adjustStock } from './commands.ts';
import { expectPoolIsIdle } from './pool.ts';
import { observe } from './postgres.ts';
import { openShop, Shop } from './shop.ts';

test('a command that names its rows at once waits four times: for its records, its rows, its writing and its COMMIT', async () => {
  const passed: string[] = [];
  const { shop, productId, watch } = await openWatchedShop();

  watch(async ({ sql, send }) => {
    passed.push(`${nameOf(sql)} …`);
    const answer = await send();
    passed.push(nameOf(sql));
    return answer;
  });
  await shop.run(adjustStock, { productId, delta: 1 });

  expect(passed).toEqual([
    ...['begin …', 'idempotency_records …', 'begin', 'idempotency_records'],
    ...['stocks …', 'products …', 'stocks', 'products'],
    ...['write …', 'write'],
    ...['commit …', 'commit'],
  ]);
});

test('a command whose rows name further rows waits no more often, and takes one statement for what it only reads', async () => {
  const passed: string[] = [];
  const { shop, productId, watch } = await openWatchedShop();
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  await shop.run(addItem, { cartId, productId, quantity: 1 });
  const touch = command({
    name: 'test.touch',
    load: (rows) => {
      const cart = rows.lock(Cart, { id: cartId });
      const items = rows.lockAll(CartItem, { cartId: cart.each('id') });
      return { cart, items, products: rows.findAll(Product, { id: items.each('productId') }) };
    },
    decide: ({ cart, items, products }, _input, changes) => {
      cart?.touch(changes.now);
      for (const item of items) item.put(2, 500, changes.now);
      return products.length;
    },
  });

  watch(async ({ sql, send }) => {
    passed.push(`${nameOf(sql)} …`);
    const answer = await send();
    passed.push(nameOf(sql));
    return answer;
  });
  expect(await shop.run(touch, undefined)).toBe(1);

  expect(passed).toEqual([
    ...['begin …', 'idempotency_records …', 'begin', 'idempotency_records'],
    ...['carts …', 'cart_items, products …', 'carts', 'cart_items, products'],
    ...['write …', 'write'],
    ...['commit …', 'commit'],
  ]);
});

test('rows that are not locked are waited for before others are asked for by a field that may change', async () => {
  const { shop, url, watch } = await openWatchedShop();
  const userId = await shop.givenUser();
  const { cartId } = await shop.run(addCart, { userId });
  const outside = await observe(url);
  const walletOf = command({
    name: 'test.walletOf',
    load: (rows) => {
      const cart = rows.find(Cart, { id: cartId, status: 'ACTIVE' });
      return { cart, wallet: rows.lock(PointWallet, { userId: cart.each('userId') }) };
    },
    decide: ({ cart, wallet }) => ({ cart: cart?.id, wallet: wallet?.userId }),
  });

  watch(async ({ sql, send }) => {
    if (nameOf(sql) === 'point_wallets') await outside.query(`update carts set status = 'ORDERED'`);
    return send();
  });

  expect(await shop.run(walletOf, undefined)).toEqual({ cart: cartId, wallet: userId });
});

test('of statements that travel together, the one that failed is told of and not those that it spoiled', async () => {
  const { shop, productId, watch } = await openWatchedShop();

  watch(({ sql, send, sendInstead }) => (nameOf(sql) === 'stocks' ? sendInstead('select 1 / 0') : send()));
  await expect(shop.run(adjustStock, { productId, delta: 1 })).rejects.toThrow('division by zero');

  watch(({ send }) => send());
  expect(await shop.run(adjustStock, { productId, delta: 1 })).toMatchObject({ quantity: 1 });
  await expectPoolIsIdle(shop);
});

test('without a BEGIN, what travelled with it counts for nothing', async () => {
  const { shop, productId, watch } = await openWatchedShop();
  let written = 0;

  watch(async ({ sql, send }) => {
    if (nameOf(sql) === 'begin') throw new Error('Not now.');
    if (nameOf(sql) === 'write') written++;
    return send();
  });
  await expect(shop.run(adjustStock, { productId, delta: 1 })).rejects.toThrow('Not now.');

  watch(({ send }) => send());
  expect(written).toBe(0);
  expect(await shop.stockBooks()).toMatchObject([{ stock: 0, copy: 0, entries: 0 }]);
  await expectPoolIsIdle(shop);
});

test('a database that has only run commands leaves no connection behind', async () => {
  const { url } = await openShop();
  const observer = await observe(url);
  const database = await openDatabase(`${url}?application_name=passing`);
  await new UnitOfWork(database).execute(addUser, { input: {}, actor: { kind: 'system' } });
  expect(await observer.connections('passing')).toBe(1);

  await database.close();

  await observer.gone('passing');
});

/** A shop with a product, and a way to stand before its statements from now on. */
async function openWatchedShop() {
  let interceptor: Interceptor = ({ send }) => send();
  const url = await freshDatabaseUrl();
  const database = await openDatabase(url, { interceptor: (statement) => interceptor(statement) });
  onTestFinished(() => database.close());
  await database.migrate();
  const shop = new Shop(url, database, {});
  const productId = await shop.givenProduct(0);
  const watch = (watching: Interceptor) => {
    interceptor = watching;
  };
  return { shop, url, productId, watch };
}

const TABLES = /from "?(idempotency_records|stocks|products|cart_items|carts|point_wallets)"? (?:as r )?where/g;

/** What a statement is about: the tables that are read, or what it does. */
function nameOf(sql: string): string {
  if (sql.includes('with write_0')) return 'write';
  // What other rows are looked up by is selected inside of brackets.
  const read = sql.replaceAll(/\(select .*?\) \|\|/g, '').matchAll(TABLES);
  return [...new Set([...read].map(([, table]) => table))].join(', ') || sql;
}
