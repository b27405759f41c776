import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

test('a cart adds up, changes and is emptied', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { price: 3_000 });
  const honey = await productWith(engine, { price: 500 });

  expect(await shop.cart.get()).toEqual({ items: [], totalAmount: 0, version: 0 });
  await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  await shop.cart.addItem({ productId: honey.id, quantity: 2 });
  expect(await shop.cart.addItem({ productId: tea.id, quantity: 1 })).toMatchObject({
    items: [
      { productId: tea.id, quantity: 2, amount: 6_000 },
      { productId: honey.id, quantity: 2, amount: 1_000 },
    ],
    totalAmount: 7_000,
    version: 3,
  });
  expect(await shop.cart.setQuantity({ productId: tea.id, quantity: 1 })).toMatchObject({ totalAmount: 4_000 });
  expect(await shop.cart.setQuantity({ productId: honey.id, quantity: 0 })).toMatchObject({ totalAmount: 3_000 });
  expect(await shop.cart.removeItem({ productId: tea.id })).toEqual({ items: [], totalAmount: 0, version: 6 });
  await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  expect(await shop.cart.clear()).toEqual({ items: [], totalAmount: 0, version: 8 });
  expect(await shop.cart.get()).toEqual({ items: [], totalAmount: 0, version: 8 });
});

test('a line that cannot be bought now says so', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine, { stock: 1 });
  await shop.cart.addItem({ productId: tea.id, quantity: 2 });
  expect((await shop.cart.get()).items).toMatchObject([{ isAvailable: false }]);
  await engine.admin.products.adjustStock({ productId: tea.id, delta: 1 });
  expect((await shop.cart.get()).items).toMatchObject([{ isAvailable: true }]);
});

test('ten lines added at once to a new cart all arrive in one cart', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const products = await Promise.all(Array.from({ length: 10 }, () => productWith(engine)));
  await Promise.all(products.map(({ id: productId }) => shop.cart.addItem({ productId, quantity: 1 })));
  const cart = await shop.cart.get();
  expect(cart.items).toHaveLength(10);
  expect(cart.version).toBe(10);
  expect(await engine.sql('select id from carts')).toHaveLength(1);
});

test('a cart that is ordered while a line is added loses neither', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const honey = await productWith(engine);
  await shop.cart.addItem({ productId: tea.id, quantity: 1 });
  const [order, cart] = await Promise.all([
    shop.orders.place(),
    shop.cart.addItem({ productId: honey.id, quantity: 1 }),
  ]);
  const bought = order.items.map(({ productId }) => productId);
  const left = (await shop.cart.get()).items.map(({ productId }) => productId);
  expect([...bought, ...left].sort()).toEqual([tea.id, honey.id]);
  expect(cart.items.map(({ productId }) => productId)).toContain(honey.id);
});

test('each refused change of a cart says why and changes nothing', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const hidden = await engine.admin.products.create({ name: 'Secret', price: 1, status: 'HIDDEN' });
  await shop.cart.addItem({ productId: tea.id, quantity: 9_999 });
  const before = await stateOf(engine);
  const stale = { expectedVersion: 9 };
  const conflict = { reason: 'VERSION_CONFLICT', details: { expectedVersion: 9, currentVersion: 1 } };

  expect(await refusal(shop.cart.addItem({ productId: 999, quantity: 1 }))).toMatchObject({
    reason: 'PRODUCT_NOT_FOUND',
  });
  expect(await refusal(shop.cart.addItem({ productId: hidden.id, quantity: 1 }))).toMatchObject({
    reason: 'PRODUCT_NOT_ON_SALE',
  });
  expect(await refusal(shop.cart.addItem({ productId: tea.id, quantity: 2 }))).toMatchObject({
    reason: 'CART_QUANTITY_LIMIT',
    details: { productId: tea.id, limit: 10_000 },
  });
  expect(await refusal(shop.cart.setQuantity({ productId: 999, quantity: 1 }))).toMatchObject({
    reason: 'CART_ITEM_NOT_FOUND',
  });
  expect(await refusal(shop.cart.removeItem({ productId: 999 }))).toMatchObject({ reason: 'CART_ITEM_NOT_FOUND' });
  expect(await refusal(shop.cart.addItem({ productId: tea.id, quantity: 1, ...stale }))).toMatchObject(conflict);
  expect(await refusal(shop.cart.setQuantity({ productId: tea.id, quantity: 1, ...stale }))).toMatchObject(conflict);
  expect(await refusal(shop.cart.removeItem({ productId: tea.id, ...stale }))).toMatchObject(conflict);
  expect(await refusal(shop.cart.clear(stale))).toMatchObject(conflict);
  expect(await stateOf(engine)).toEqual(before);
});

test('a cart holds at most a hundred lines', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const products = await Promise.all(Array.from({ length: 101 }, () => productWith(engine)));
  const [last, ...hundred] = products;
  await Promise.all(hundred.map(({ id: productId }) => shop.cart.addItem({ productId, quantity: 1 })));
  expect(await refusal(shop.cart.addItem({ productId: Number(last?.id), quantity: 1 }))).toMatchObject({
    reason: 'CART_LINES_LIMIT',
    details: { limit: 100 },
  });
});

test('a customer who changes one cart many times at once keeps no other customer waiting', async () => {
  const engine = await openTestShop();
  const busy = await customerWith(engine);
  const other = await customerWith(engine);
  // Another product each time, so that each of the changes finds the cart other than it was.
  const products = await Promise.all(Array.from({ length: 30 }, () => productWith(engine)));
  const [first] = products;
  if (!first) throw new Error('There are products.');
  const done: string[] = [];
  const add = async (name: string, { shop }: typeof busy, productId: number) => {
    await shop.cart.addItem({ productId, quantity: 1 });
    done.push(name);
  };
  await Promise.all([...products.map(({ id }) => add('busy', busy, id)), add('other', other, first.id)]);
  // How many of the busy one's turns come first depends on when its request arrives, which is after theirs.
  expect(done.indexOf('other')).toBeLessThan(10);
  expect((await busy.shop.cart.get()).items).toHaveLength(30);
});

test('many changes of one line at once need no turns: they are decided together', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const product = await productWith(engine);
  await shop.cart.addItem({ productId: product.id, quantity: 1 });

  const answers = await Promise.all(
    Array.from({ length: 30 }, () => shop.cart.addItem({ productId: product.id, quantity: 1 })),
  );

  const quantities = answers.map(({ items }) => items[0]?.quantity).sort((a, b) => Number(a) - Number(b));
  expect(quantities).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
  expect((await shop.cart.get()).items).toMatchObject([{ quantity: 31 }]);
});
