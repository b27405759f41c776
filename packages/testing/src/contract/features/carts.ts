import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertRefused, NOBODY } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const carts = feature('Carts', {
  'a cart that nothing was put into is empty': async (trial) => {
    const { shop } = await trial.customer();
    assert.deepEqual(await shop.cart.get(), { items: [], totalAmount: 0, version: 0 });
  },

  'pieces that are added come on top of those that are there': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ price: 700 });
    await shop.cart.addItem(lineOf(product, 2));
    const cart = await shop.cart.addItem(lineOf(product, 3));
    assert.equal(cart.items.length, 1);
    assert.partialDeepStrictEqual(cart, {
      items: [{ productId: product.id, productName: product.name, quantity: 5, price: 700, amount: 3_500 }],
      totalAmount: 3_500,
    });
    assert.deepEqual(await shop.cart.get(), cart);
  },

  'a line can be set, taken out, and the cart emptied': async (trial) => {
    const { shop } = await trial.customer();
    const [tea, honey, salt] = [await trial.product(), await trial.product(), await trial.product()];
    for (const product of [tea, honey, salt]) await shop.cart.addItem(lineOf(product));
    assert.partialDeepStrictEqual(await shop.cart.setQuantity(lineOf(tea, 4)), { totalAmount: 6_000 });
    assert.partialDeepStrictEqual(await shop.cart.setQuantity(lineOf(tea, 0)), { totalAmount: 2_000 });
    const left = await shop.cart.removeItem({ productId: honey.id });
    assert.deepEqual(
      left.items.map(({ productId }) => productId),
      [salt.id],
    );
    assert.deepEqual((await shop.cart.clear()).items, []);
    await assertRefused(shop.cart.removeItem({ productId: salt.id }), 'CART_ITEM_NOT_FOUND', { productId: salt.id });
    await assertRefused(shop.cart.setQuantity(lineOf(salt)), 'CART_ITEM_NOT_FOUND', { productId: salt.id });
  },

  "a cart shows today's price beside the one that was seen when it was added": async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ price: 700 });
    await shop.cart.addItem(lineOf(product, 2));
    await trial.admin.products.update({ productId: product.id, price: 800 });
    assert.partialDeepStrictEqual(await shop.cart.get(), {
      items: [{ price: 800, priceWhenAdded: 700, amount: 1_600 }],
      totalAmount: 1_600,
    });
  },

  'a line says whether it could be ordered now': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 2 });
    assert.partialDeepStrictEqual(await shop.cart.addItem(lineOf(product, 2)), { items: [{ isAvailable: true }] });
    await trial.admin.products.adjustStock({ productId: product.id, delta: -1 });
    assert.partialDeepStrictEqual(await shop.cart.get(), { items: [{ isAvailable: false }] });
    await trial.admin.products.adjustStock({ productId: product.id, delta: 1 });
    await trial.admin.products.setStatus({ productId: product.id, status: 'HIDDEN' });
    assert.partialDeepStrictEqual(await shop.cart.get(), { items: [{ isAvailable: false }] });
  },

  'what does not exist or is not on sale cannot be put into a cart': async (trial) => {
    const { shop } = await trial.customer();
    const hidden = await trial.product({ status: 'HIDDEN' });
    await assertRefused(shop.cart.addItem({ productId: NOBODY, quantity: 1 }), 'PRODUCT_NOT_FOUND');
    await assertRefused(shop.cart.addItem(lineOf(hidden)), 'PRODUCT_NOT_ON_SALE', { productId: hidden.id });
    assert.deepEqual((await shop.cart.get()).items, []);
  },

  'a line holds at most ten thousand pieces, also when they are added one by one': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    await shop.cart.addItem(lineOf(product, 10_000));
    await assertRefused(shop.cart.addItem(lineOf(product)), 'CART_QUANTITY_LIMIT', { limit: 10_000 });
    assert.partialDeepStrictEqual(await shop.cart.get(), { items: [{ quantity: 10_000 }] });
  },

  'the carts of two customers know nothing of each other': async (trial) => {
    const [one, other] = await trial.customers(2);
    assert.ok(one && other);
    await one.shop.cart.addItem(lineOf(await trial.product()));
    assert.deepEqual((await other.shop.cart.get()).items, []);
  },

  'a cart holds nothing back from other customers': async (trial) => {
    const [one, other] = await trial.customers(2);
    const product = await trial.product({ quantity: 1 });
    assert.ok(one && other);
    await one.shop.cart.addItem(lineOf(product));
    assert.equal(await trial.stockOf(product), 1);
    await other.shop.orders.place({ items: [lineOf(product)] });
    await assertRefused(one.shop.orders.place(), 'STOCK_INSUFFICIENT', { productId: product.id, available: 0 });
  },
});
