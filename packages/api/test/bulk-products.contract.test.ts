import { expect, test } from 'vitest';
import { openTestShop, productWith, refusal, stateOf } from './shop-for-test.ts';

const PRODUCT = { name: 'Tea', price: 1_000, quantity: 3 };

test('five hundred products are added in one call, in their order, each with its stock', async () => {
  const engine = await openTestShop();
  const products = Array.from({ length: 500 }, (_, place) => ({ ...PRODUCT, name: `Tea ${place}`, quantity: place }));
  const added = await engine.admin.products.createMany({ products });
  expect(added.map(({ name, quantity }) => [name, quantity])).toEqual(
    products.map(({ name, quantity }) => [name, quantity]),
  );
  const [counted] = await engine.sql<{ products: number | string; entries: number | string }>(
    'select (select count(*) from products) as products, (select count(*) from stock_entries) as entries',
  );
  expect([Number(counted?.products), Number(counted?.entries)]).toEqual([500, 499]);
});

test('five hundred products fit into a request however long their names and descriptions may be', async () => {
  const engine = await openTestShop();
  const longest = { ...PRODUCT, name: '귤'.repeat(200), description: '귤'.repeat(2_000) };
  const added = await engine.admin.products.createMany({ products: Array.from({ length: 500 }, () => longest) });
  expect(added).toHaveLength(500);
});

test('of many new products one wrong one, or one too many, keeps all out', async () => {
  const engine = await openTestShop();
  const before = await stateOf(engine);
  const wrong = [
    [],
    [PRODUCT, { ...PRODUCT, price: -1 }],
    [PRODUCT, { ...PRODUCT, name: '' }],
    Array.from({ length: 501 }, () => PRODUCT),
  ];
  for (const products of wrong) {
    expect(await refusal(engine.admin.products.createMany({ products }))).toMatchObject({ reason: 'INPUT_INVALID' });
  }
  expect(await stateOf(engine)).toEqual(before);
});

test('many stocks change in one call, and the answers come in the order asked for', async () => {
  const engine = await openTestShop();
  const added = await engine.admin.products.createMany({ products: Array.from({ length: 500 }, () => PRODUCT) });
  const adjustments = added.map(({ id }, place) => ({ productId: id, delta: place % 2 ? 2 : -2 })).reverse();
  const changed = await engine.admin.products.adjustStocks({ adjustments });
  expect(changed.map(({ id }) => id)).toEqual(adjustments.map(({ productId }) => productId));
  expect(new Set(changed.map(({ quantity }) => quantity))).toEqual(new Set([1, 5]));
});

test('of many stock changes one that cannot be made, keeps all from being made, and is named', async () => {
  const engine = await openTestShop();
  const { id: first } = await productWith(engine, { stock: 5 });
  const { id: second } = await productWith(engine, { stock: 1 });
  const before = await stateOf(engine);
  const fine = { productId: first, delta: 1 };
  const refused = (productId: number, delta: number) =>
    refusal(engine.admin.products.adjustStocks({ adjustments: [fine, { productId, delta }] }));
  expect(await refused(second, -2)).toMatchObject({
    reason: 'STOCK_INSUFFICIENT',
    details: { productId: second, requested: 2, available: 1 },
  });
  expect(await refused(second, 1_000_000_000)).toMatchObject({ reason: 'STOCK_LIMIT', details: { productId: second } });
  expect(await refused(99, 1)).toMatchObject({ reason: 'PRODUCT_NOT_FOUND', details: { productId: 99 } });
  expect(await refused(first, 1)).toMatchObject({ reason: 'INPUT_INVALID' });
  expect(await refused(second, 0)).toMatchObject({ reason: 'INPUT_INVALID' });
  expect(await stateOf(engine)).toEqual(before);
});

test('twenty bulk changes of the same stocks at once all count', async () => {
  const engine = await openTestShop();
  const added = await engine.admin.products.createMany({ products: Array.from({ length: 20 }, () => PRODUCT) });
  const adjustments = added.map(({ id }) => ({ productId: id, delta: 1 }));
  await Promise.all(
    Array.from({ length: 20 }, (_, place) =>
      engine.admin.products.adjustStocks({ adjustments: place % 2 ? adjustments : adjustments.toReversed() }),
    ),
  );
  const { items } = await engine.anonymous.products.list({ limit: 100 });
  expect(new Set(items.map(({ quantity }) => quantity))).toEqual(new Set([23]));
});
