import assert from 'node:assert/strict';
import type { Inputs } from '@baguni/sdk';
import { feature } from '../behaviour.ts';
import { assertRefused, NOBODY, times } from '../expectations.ts';
import { lineOf, type Trial } from '../trial.ts';

type ListProducts = NonNullable<Inputs['products']['list']>;

/** The ids of the trial's own products that a list gives, all pages of it. */
async function idsOf({ anonymous, word }: Trial, list: ListProducts = {}): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of anonymous.products.list({ search: word, ...list })) ids.push(id);
  return ids;
}

export const products = feature('Products', {
  'anybody can look at a product that is on sale': async (trial) => {
    const product = await trial.product({ description: 'From the south side of the hill.' });
    assert.deepEqual(await trial.anonymous.products.get({ productId: product.id }), product);
    await assertRefused(trial.anonymous.products.get({ productId: NOBODY }), 'PRODUCT_NOT_FOUND');
  },

  'a hidden product is there for admins alone': async (trial) => {
    const { id: productId } = await trial.product({ status: 'HIDDEN' });
    const { shop } = await trial.customer();
    assert.deepEqual(await idsOf(trial), []);
    for (const caller of [trial.anonymous, shop]) {
      await assertRefused(caller.products.get({ productId }), 'PRODUCT_NOT_FOUND', { productId });
    }
    assert.partialDeepStrictEqual(await trial.admin.products.get({ productId }), { status: 'HIDDEN' });
    await trial.admin.products.setStatus({ productId, status: 'ON_SALE' });
    assert.deepEqual(await idsOf(trial), [productId]);
  },

  'a search finds text in name or description, in upper or lower case and in any script': async (trial) => {
    const { word } = trial;
    const named = await trial.product({ name: `Ölong ÉTÉ ${word}` });
    const described = await trial.product({ name: `Tea ${word}`, description: `${word} 제주 감귤 été` });
    await trial.product({ name: `Nothing of it ${word}` });
    const found = (search: string) => idsOf(trial, { search, sort: 'priceAsc' });
    assert.deepEqual(await found(`${word} 제주`), [described.id]);
    assert.deepEqual(await found(`öLONG été ${word.toUpperCase()}`), [named.id]);
    assert.deepEqual(await found(`${word} 제주 감귤 ÉTÉ`), [described.id]);
    assert.deepEqual(await found(`${word} no such thing`), []);
  },

  'percent signs, underscores, quotes and backslashes in a search mean themselves': async (trial) => {
    const { word } = trial;
    const names = ['100% wool', '100_wool', "it's 'wool'", 'back\\slash wool'].map((name) => `${word} ${name}`);
    const made = await trial.admin.products.createMany({ products: names.map((name) => ({ name, price: 1 })) });
    for (const [place, search] of names.entries()) {
      assert.deepEqual(await idsOf(trial, { search }), [made[place]?.id], search);
    }
  },

  'a list can be narrowed to a range of prices and to what is in stock': async (trial) => {
    const [cheap, middle, dear] = [
      await trial.product({ price: 100 }),
      await trial.product({ price: 200, quantity: 0 }),
      await trial.product({ price: 300 }),
    ];
    assert.deepEqual(await idsOf(trial, { minPrice: 101, maxPrice: 300, sort: 'priceAsc' }), [middle.id, dear.id]);
    assert.deepEqual(await idsOf(trial, { minPrice: 100, maxPrice: 100 }), [cheap.id]);
    assert.deepEqual(await idsOf(trial, { inStock: true, sort: 'priceAsc' }), [cheap.id, dear.id]);
    assert.deepEqual(await idsOf(trial, { inStock: false }), [middle.id]);
  },

  'a list can be sorted by price both ways, and by what sold best': async (trial) => {
    const [b, a, c] = [
      await trial.product({ price: 200 }),
      await trial.product({ price: 100 }),
      await trial.product({ price: 300 }),
    ];
    assert.deepEqual(await idsOf(trial, { sort: 'priceAsc' }), [a.id, b.id, c.id]);
    assert.deepEqual(await idsOf(trial, { sort: 'priceDesc' }), [c.id, b.id, a.id]);
    const { shop } = await trial.customer({ points: 700 });
    await shop.orders.place({ items: [lineOf(b, 2), lineOf(c, 1)], points: 700 });
    assert.deepEqual(await idsOf(trial, { sort: 'bestSelling' }), [b.id, c.id, a.id]);
  },

  'pages stay what they are while products are added, in every order': async (trial) => {
    const existing = new Set<number>();
    for (const price of [10, 10, 20, 20, 30]) existing.add((await trial.product({ price })).id);
    for (const sort of ['newest', 'priceAsc', 'priceDesc', 'bestSelling'] as const) {
      const seen: number[] = [];
      for await (const { id } of trial.anonymous.products.list({ search: trial.word, sort, limit: 2 })) {
        seen.push(id);
        if (seen.length === 2) await trial.product({ price: 20 });
      }
      assert.equal(new Set(seen).size, seen.length, `Nothing comes twice in the order ${sort}.`);
      for (const id of existing) assert.ok(seen.includes(id), `Product ${id} comes in the order ${sort}.`);
      for (const id of seen) existing.add(id);
    }
  },

  'the page size is kept, and a cursor goes on in its own order only': async (trial) => {
    await trial.admin.products.createMany({ products: times(3, () => ({ name: trial.name('Tea'), price: 5 })) });
    const page = await trial.anonymous.products.list({ search: trial.word, limit: 2 });
    assert.equal(page.items.length, 2);
    const cursor = page.nextCursor ?? '';
    const rest = await trial.anonymous.products.list({ search: trial.word, limit: 2, cursor });
    assert.equal(rest.items.length, 1);
    assert.equal(rest.nextCursor, null);
    await assertRefused(trial.anonymous.products.list({ sort: 'priceAsc', cursor }), 'INPUT_INVALID');
    await assertRefused(trial.anonymous.products.list({ cursor: 'made up' }), 'INPUT_INVALID');
  },

  'stock can be added and taken away, but never below nothing': async (trial) => {
    const { id: productId, version } = await trial.product({ quantity: 5 });
    const more = await trial.admin.products.adjustStock({ productId, delta: 3 });
    assert.partialDeepStrictEqual(more, { quantity: 8 });
    assert.ok(more.version > version);
    assert.partialDeepStrictEqual(await trial.admin.products.adjustStock({ productId, delta: -8 }), { quantity: 0 });
    const call = trial.admin.products.adjustStock({ productId, delta: -1 });
    await assertRefused(call, 'STOCK_INSUFFICIENT', { productId, requested: 1, available: 0 });
  },

  'many stocks change together or not at all': async (trial) => {
    const [tea, honey] = [await trial.product({ quantity: 5 }), await trial.product({ quantity: 2 })];
    const adjust = (teaDelta: number, honeyDelta: number) =>
      trial.admin.products.adjustStocks({
        adjustments: [
          { productId: tea.id, delta: teaDelta },
          { productId: honey.id, delta: honeyDelta },
        ],
      });
    await assertRefused(adjust(10, -3), 'STOCK_INSUFFICIENT', { productId: honey.id });
    assert.deepEqual([await trial.stockOf(tea), await trial.stockOf(honey)], [5, 2]);
    await adjust(10, -2);
    assert.deepEqual([await trial.stockOf(tea), await trial.stockOf(honey)], [15, 0]);
  },

  'many products are added in the order in which they are named': async (trial) => {
    const names = times(12, () => trial.name('Tea'));
    const made = await trial.admin.products.createMany({ products: names.map((name) => ({ name, price: 1 })) });
    assert.deepEqual(
      made.map(({ name }) => name),
      names,
    );
    assert.deepEqual(new Set(await idsOf(trial)), new Set(made.map(({ id }) => id)));
  },

  'an update changes the named fields alone and raises the version': async (trial) => {
    const before = await trial.product({ description: 'As it was.' });
    const after = await trial.admin.products.update({ productId: before.id, price: 1_234 });
    const { version, updatedAt } = after;
    assert.deepEqual(after, { ...before, price: 1_234, version, updatedAt });
    assert.ok(version > before.version);
    assert.deepEqual(await trial.admin.products.get({ productId: before.id }), after);
  },

  'text comes back exactly as it was given': async (trial) => {
    const texts = [
      `'; drop table products; --`,
      '<b>bold</b> & "quoted" \\ `ticked`',
      'line\nbreak\ttab',
      'e\u0301 and é stay two',
      '감귤 🍊 👩‍🌾 𐍈',
      ' spaces around ',
    ];
    for (const description of texts) {
      const { id: productId } = await trial.product({ description });
      assert.partialDeepStrictEqual(await trial.anonymous.products.get({ productId }), { description });
    }
  },

  'best sellers are products on sale, most sold first, with what they sold for': async (trial) => {
    const sellers = await trial.anonymous.products.bestSellers({ days: 3, limit: 100 });
    const quantities = sellers.map(({ quantity }) => quantity);
    assert.deepEqual(
      quantities,
      quantities.toSorted((a, b) => b - a),
    );
    for (const { product, quantity, amount } of sellers) {
      assert.equal(product.status, 'ON_SALE');
      assert.ok(quantity > 0 && amount >= 0);
    }
    assert.ok((await trial.anonymous.products.bestSellers()).length <= 5);
  },
});
