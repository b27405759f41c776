import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { customerWith, openTestShop, refusal } from './shop-for-test.ts';

async function add(engine: TestEngine, name: string, { price = 1_000, quantity = 10, description = '' } = {}) {
  const product = await engine.admin.products.create({ name, price, quantity, description });
  await engine.clock.advance({ seconds: 1 });
  return product;
}

async function namesOf(engine: TestEngine, input: Parameters<TestEngine['anonymous']['products']['list']>[0]) {
  const names: string[] = [];
  for await (const { name } of engine.anonymous.products.list(input)) names.push(name);
  return names;
}

test('a search finds text in any case, width and composition, in the name and in the description', async () => {
  const engine = await openTestShop();
  await add(engine, '제주 감귤 Tangerine');
  await add(engine, 'STRASSE map', { description: 'ΟΔΟΣ' });
  await add(engine, 'ＦＵＬＬ width');
  const found: Record<string, string[]> = {
    tangerine: ['제주 감귤 Tangerine'],
    TANGER: ['제주 감귤 Tangerine'],
    감귤: ['제주 감귤 Tangerine'],
    ['감귤'.normalize('NFD')]: ['제주 감귤 Tangerine'],
    '주 감': ['제주 감귤 Tangerine'],
    straße: ['STRASSE map'],
    οδος: ['STRASSE map'],
    οδοσ: ['STRASSE map'],
    full: ['ＦＵＬＬ width'],
    ｗidth: ['ＦＵＬＬ width'],
    사과: [],
  };
  for (const [search, names] of Object.entries(found)) expect(await namesOf(engine, { search }), search).toEqual(names);
});

test('what means something in a pattern is searched as it stands', async () => {
  const engine = await openTestShop();
  const names = ['100% cotton', 'snake_case', 'back\\slash', 'bang!', `it's; drop table products; --`, 'plain'];
  for (const name of names) await add(engine, name);
  for (const name of names) {
    const [sign = 'plain'] = /[%_\\!;]/.exec(name) ?? [];
    expect(await namesOf(engine, { search: sign }), sign).toEqual([name]);
  }
  expect(await namesOf(engine, { search: '%%' })).toEqual([]);
  expect(await namesOf(engine, { search: 'p_ain' })).toEqual([]);
});

test('a list is narrowed by price and by stock, bounds included', async () => {
  const engine = await openTestShop();
  await add(engine, 'cheap', { price: 100 });
  await add(engine, 'middle', { price: 200, quantity: 0 });
  await add(engine, 'dear', { price: 300 });
  expect(await namesOf(engine, { minPrice: 200 })).toEqual(['dear', 'middle']);
  expect(await namesOf(engine, { maxPrice: 200 })).toEqual(['middle', 'cheap']);
  expect(await namesOf(engine, { minPrice: 101, maxPrice: 299 })).toEqual(['middle']);
  expect(await namesOf(engine, { minPrice: 300, maxPrice: 100 })).toEqual([]);
  expect(await namesOf(engine, { inStock: true })).toEqual(['dear', 'cheap']);
  expect(await namesOf(engine, { inStock: false })).toEqual(['middle']);
  expect(await namesOf(engine, { search: 'e', inStock: true, maxPrice: 250 })).toEqual(['cheap']);
});

test('each order shows every product once, page by page, ties by id, whatever is added meanwhile', async () => {
  const engine = await openTestShop();
  const prices = [300, 100, 200, 200, 300, 100, 200];
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const ids: number[] = [];
  for (const [place, name] of names.entries()) ids.push((await add(engine, name, { price: prices[place] ?? 0 })).id);
  const { shop } = await customerWith(engine, { points: 100_000 });
  const buy = (place: number, quantity: number) =>
    shop.orders.place({ items: [{ productId: ids[place] ?? 0, quantity }], points: (prices[place] ?? 0) * quantity });
  await buy(2, 3);
  await buy(4, 3);
  await buy(0, 5);

  const orders = {
    newest: ['g', 'f', 'e', 'd', 'c', 'b', 'a'],
    priceAsc: ['b', 'f', 'c', 'd', 'g', 'a', 'e'],
    priceDesc: ['e', 'a', 'g', 'd', 'c', 'f', 'b'],
    bestSelling: ['a', 'e', 'c', 'g', 'f', 'd', 'b'],
  } as const;
  for (const sort of ['newest', 'priceAsc', 'priceDesc', 'bestSelling'] as const) {
    for (const limit of [1, 2, 3, 100]) {
      expect(await namesOf(engine, { sort, limit }), `${sort} by ${limit}`).toEqual(orders[sort]);
    }
  }
  expect(await namesOf(engine, {})).toEqual(orders.newest);

  const first = await engine.anonymous.products.list({ sort: 'priceAsc', limit: 3 });
  await add(engine, 'cheaper than all', { price: 1 });
  const rest = await engine.anonymous.products.list({ sort: 'priceAsc', cursor: String(first.nextCursor) });
  expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(orders.priceAsc);
});

test('a cursor goes on in its own order only', async () => {
  const engine = await openTestShop();
  await add(engine, 'a');
  await add(engine, 'b');
  const { nextCursor } = await engine.anonymous.products.list({ sort: 'priceAsc', limit: 1 });
  const cursor = String(nextCursor);
  for (const sort of ['newest', 'priceDesc', 'bestSelling', undefined] as const) {
    expect(await refusal(engine.anonymous.products.list({ cursor, ...(sort && { sort }) })), sort).toMatchObject({
      reason: 'INPUT_INVALID',
      details: { issues: [{ path: 'cursor' }] },
    });
  }
  const forged = ['priceAsc.1', 'priceAsc.-1.1', 'priceAsc.99999999999999999.1', 'price Asc.1.1', 'priceAsc.1.1;'];
  for (const text of forged) {
    const wrong = { sort: 'priceAsc', cursor: Buffer.from(text).toString('base64url') } as const;
    expect(await refusal(engine.anonymous.products.list(wrong)), text).toMatchObject({ reason: 'INPUT_INVALID' });
  }
});

test('a product that is hidden leaves the list and comes back with its status', async () => {
  const engine = await openTestShop();
  const { id: productId } = await add(engine, 'tea');
  expect(await engine.admin.products.setStatus({ productId, status: 'HIDDEN' })).toMatchObject({ version: 2 });
  expect(await namesOf(engine, { search: 'tea' })).toEqual([]);
  const stale = { productId, status: 'ON_SALE', expectedVersion: 1 } as const;
  expect(await refusal(engine.admin.products.setStatus(stale))).toMatchObject({ reason: 'VERSION_CONFLICT' });
  await engine.admin.products.setStatus({ productId, status: 'ON_SALE', expectedVersion: 2 });
  expect(await namesOf(engine, { search: 'tea' })).toEqual(['tea']);
  expect(await refusal(engine.admin.products.setStatus({ productId: 99, status: 'HIDDEN' }))).toMatchObject({
    reason: 'PRODUCT_NOT_FOUND',
    details: { productId: 99 },
  });
});
