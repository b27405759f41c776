import assert from 'node:assert/strict';
import type { Inputs, Reason } from '@baguni/sdk';
import { feature } from '../behaviour.ts';
import { assertRefused, NOBODY, sumOf } from '../expectations.ts';
import { after, type Customer, HOUR_MS, lineOf, type Product, type Trial } from '../trial.ts';

type PlaceOrder = NonNullable<Inputs['orders']['place']>;

/** Everything that placing an order could have changed, as customer and admin see it. */
async function belongingsOf(trial: Trial, { shop }: Customer, products: readonly Product[]): Promise<unknown> {
  return {
    balance: await shop.points.balance(),
    history: (await shop.points.history({ limit: 100 })).items,
    coupons: (await shop.coupons.mine()).items,
    cart: await shop.cart.get(),
    orders: (await shop.orders.list({ limit: 100 })).items,
    products: await Promise.all(products.map(({ id }) => trial.admin.products.get({ productId: id }))),
  };
}

async function claimed(trial: Trial, { shop }: Customer, fields?: Parameters<Trial['coupon']>[0]): Promise<number> {
  const { id: couponId } = await trial.coupon(fields);
  return (await shop.coupons.claim({ couponId })).id;
}

export const orders = feature('Orders', {
  'an order of the cart takes every line of it and leaves it empty': async (trial) => {
    const { user, shop } = await trial.customer();
    const [tea, honey] = [await trial.product({ price: 3_000 }), await trial.product({ price: 500 })];
    await shop.cart.addItem(lineOf(tea, 2));
    await shop.cart.addItem(lineOf(honey));
    const order = await shop.orders.place();
    assert.partialDeepStrictEqual(order, {
      userId: user.id,
      status: 'WAITING',
      totalAmount: 6_500,
      discountAmount: 0,
      usedPoint: 0,
      payableAmount: 6_500,
      payment: { status: 'PENDING', amount: 6_500, method: null },
    });
    assert.equal(order.items.length, 2);
    assert.deepEqual((await shop.cart.get()).items, []);
    assert.deepEqual(await shop.orders.get({ orderId: order.id }), order);
  },

  'an order of named lines leaves the cart as it is': async (trial) => {
    const { shop } = await trial.customer();
    const cart = await shop.cart.addItem(lineOf(await trial.product()));
    const order = await shop.orders.place({ items: [lineOf(await trial.product())] });
    assert.equal(order.cartId, null);
    assert.deepEqual(await shop.cart.get(), cart);
  },

  'an order takes its pieces out of stock at once': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 5 });
    await shop.orders.place({ items: [lineOf(product, 3)] });
    assert.equal(await trial.stockOf(product), 2);
  },

  'an order keeps name, description and price of what was ordered when the product changes': async (trial) => {
    const { shop } = await trial.customer();
    const { id: productId, name } = await trial.product({ price: 3_000, description: 'Green.' });
    const order = await shop.orders.place({ items: [{ productId, quantity: 2 }] });
    await trial.admin.products.update({ productId, name: trial.name('Changed'), description: 'Black.', price: 9_000 });
    assert.deepEqual(await shop.orders.get({ orderId: order.id }), order);
    assert.partialDeepStrictEqual(order, {
      items: [{ productName: name, description: 'Green.', price: 3_000, quantity: 2, amount: 6_000 }],
    });
  },

  'an order that coupon and points cover is complete at once': async (trial) => {
    const customer = await trial.customer({ points: 10_000 });
    const { shop } = customer;
    const product = await trial.product({ price: 3_000 });
    const userCouponId = await claimed(trial, customer, { discountType: 'PERCENT', discountValue: 10 });
    const order = await shop.orders.place({ items: [lineOf(product, 2)], userCouponId, points: 5_400 });
    assert.partialDeepStrictEqual(order, {
      status: 'COMPLETE',
      totalAmount: 6_000,
      discountAmount: 600,
      usedPoint: 5_400,
      payableAmount: 0,
      expiresAt: null,
      payment: { status: 'PAID', amount: 0 },
    });
    assert.ok(order.completedAt);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 4_600 });
  },

  'what coupon and points do not cover is left to pay': async (trial) => {
    const customer = await trial.customer({ points: 1_000 });
    const { shop } = customer;
    const userCouponId = await claimed(trial, customer, { discountValue: 300 });
    const order = await shop.orders.place({ items: [lineOf(await trial.product())], userCouponId, points: 200 });
    assert.partialDeepStrictEqual(order, {
      status: 'WAITING',
      totalAmount: 1_000,
      discountAmount: 300,
      usedPoint: 200,
      payableAmount: 500,
      payment: { amount: 500, status: 'PENDING' },
    });
    assert.ok(order.expiresAt && order.expiresAt > order.createdAt);
  },

  'the shares of the lines in the discount sum to it exactly': async (trial) => {
    const customer = await trial.customer();
    const products = [];
    for (const price of [333, 333, 334, 1]) products.push(await trial.product({ price }));
    const userCouponId = await claimed(trial, customer, { discountType: 'PERCENT', discountValue: 33 });
    const items = products.map((product) => lineOf(product));
    const order = await customer.shop.orders.place({ items, userCouponId });
    assert.equal(sumOf(order.items.map(({ discountAmount }) => discountAmount)), order.discountAmount);
    for (const { discountAmount, amount } of order.items) assert.ok(discountAmount >= 0 && discountAmount <= amount);
    assert.equal(sumOf(order.items.map(({ amount }) => amount)), order.totalAmount);
  },

  'a quote says what the order then costs, and changes nothing': async (trial) => {
    const customer = await trial.customer({ points: 4_000 });
    const { shop } = customer;
    const product = await trial.product({ price: 3_333 });
    const userCouponId = await claimed(trial, customer, { discountType: 'PERCENT', discountValue: 10 });
    await shop.cart.addItem(lineOf(product, 2));
    const before = await belongingsOf(trial, customer, [product]);
    const quote = await shop.orders.quote({ userCouponId, points: 1_500 });
    assert.deepEqual(await belongingsOf(trial, customer, [product]), before);
    const { totalAmount, discountAmount, usedPoint, payableAmount } = quote;
    const order = await shop.orders.place({ userCouponId, points: 1_500, expectedTotalAmount: totalAmount });
    assert.partialDeepStrictEqual(order, { totalAmount, discountAmount, usedPoint, payableAmount });
    assert.partialDeepStrictEqual(order.items, quote.items);
    assert.deepEqual([quote.problems, quote.couponProblem], [[], null]);
  },

  'a quote names everything that stands in the way of the order': async (trial) => {
    const customer = await trial.customer();
    const { shop } = customer;
    const product = await trial.product({ quantity: 1 });
    const userCouponId = await claimed(trial, customer, { minOrderAmount: 50_000 });
    const quote = await shop.orders.quote({ items: [lineOf(product, 2)], userCouponId, points: 1 });
    const reasons: Reason[] = quote.problems.map(({ reason }) => reason);
    assert.ok(reasons.includes('STOCK_INSUFFICIENT'), reasons.join());
    assert.ok(reasons.includes('POINTS_INSUFFICIENT') || reasons.includes('POINTS_EXCEED_PAYABLE'), reasons.join());
    assert.equal(quote.couponProblem?.reason, 'COUPON_MINIMUM_NOT_MET');
  },

  'an order is refused when its total is not the one that the customer saw': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ price: 3_000 });
    await shop.cart.addItem(lineOf(product));
    await trial.admin.products.update({ productId: product.id, price: 3_500 });
    const call = shop.orders.place({ expectedTotalAmount: 3_000 });
    await assertRefused(call, 'ORDER_TOTAL_CHANGED', { expectedTotalAmount: 3_000, totalAmount: 3_500 });
    assert.partialDeepStrictEqual(await shop.orders.place({ expectedTotalAmount: 3_500 }), { totalAmount: 3_500 });
  },

  'an order that is refused, for whatever reason, takes nothing': async (trial) => {
    const [customer, other] = [await trial.customer({ points: 500 }), await trial.customer()];
    const { shop } = customer;
    const [tea, gone] = [await trial.product({ quantity: 5 }), await trial.product({ quantity: 0 })];
    const hidden = await trial.product({ status: 'HIDDEN' });
    const big = await claimed(trial, customer, { minOrderAmount: 5_000 });
    const usable = await claimed(trial, customer);
    const foreign = await claimed(trial, other);
    const items = [lineOf(tea)];
    const good = { userCouponId: usable, points: 100 };
    const products = [tea, gone, hidden];
    const before = await belongingsOf(trial, customer, products);
    const refused: [PlaceOrder, Reason][] = [
      [{}, 'CART_EMPTY'],
      [{ items: [...items, lineOf(gone)], ...good }, 'STOCK_INSUFFICIENT'],
      [{ items: [lineOf(tea, 6)], ...good }, 'STOCK_INSUFFICIENT'],
      [{ items: [...items, lineOf(hidden)], ...good }, 'PRODUCT_NOT_ON_SALE'],
      [{ items: [...items, lineOf({ id: NOBODY })], ...good }, 'PRODUCT_NOT_FOUND'],
      [{ items, userCouponId: usable, points: 501 }, 'POINTS_INSUFFICIENT'],
      [{ items, userCouponId: usable, points: 901 }, 'POINTS_EXCEED_PAYABLE'],
      [{ items, userCouponId: big, points: 100 }, 'COUPON_MINIMUM_NOT_MET'],
      [{ items, userCouponId: foreign, points: 100 }, 'USER_COUPON_NOT_FOUND'],
      [{ items, ...good, expectedTotalAmount: 1 }, 'ORDER_TOTAL_CHANGED'],
    ];
    for (const [order, reason] of refused) {
      await assertRefused(shop.orders.place(order), reason);
      assert.deepEqual(await belongingsOf(trial, customer, products), before, `After ${reason}`);
    }
  },

  'a cancelled order gives back exactly what it took': async (trial) => {
    const customer = await trial.customer({ points: 500 });
    const { shop } = customer;
    const product = await trial.product({ quantity: 5 });
    const userCouponId = await claimed(trial, customer);
    const order = await shop.orders.place({ items: [lineOf(product, 2)], userCouponId, points: 300 });
    const cancelled = await shop.orders.cancel({ orderId: order.id });
    assert.partialDeepStrictEqual(cancelled, { id: order.id, status: 'CANCELLED', expiresAt: null });
    assert.equal(await trial.stockOf(product), 5);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 500 });
    const [entry] = (await shop.points.history()).items;
    assert.partialDeepStrictEqual(entry, { type: 'REFUND', amount: 300, balanceAfter: 500, orderId: order.id });
    assert.partialDeepStrictEqual((await shop.coupons.mine()).items, [
      { id: userCouponId, used: false, orderId: null },
    ]);
    const again = await shop.orders.place({ items: [lineOf(product, 2)], userCouponId, points: 300 });
    assert.partialDeepStrictEqual(again, { payableAmount: order.payableAmount });
  },

  'an order that is cancelled or complete cannot be cancelled': async (trial) => {
    const { shop } = await trial.customer({ points: 1_000 });
    const product = await trial.product();
    const waiting = await shop.orders.place({ items: [lineOf(product)] });
    await shop.orders.cancel({ orderId: waiting.id });
    const paid = await shop.orders.place({ items: [lineOf(product)], points: 1_000 });
    for (const [{ id: orderId }, status] of [[waiting, 'CANCELLED'] as const, [paid, 'COMPLETE'] as const]) {
      await assertRefused(shop.orders.cancel({ orderId }), 'ORDER_NOT_WAITING', { orderId, status });
    }
    assert.equal(await trial.stockOf(product), 9);
  },

  'a customer lists their own orders, newest first, each exactly once': async (trial) => {
    const [{ shop }, other] = [await trial.customer(), await trial.customer()];
    const product = await trial.product({ quantity: 20 });
    const items = [lineOf(product)];
    const placed: number[] = [];
    for (let count = 0; count < 5; count++) placed.unshift((await shop.orders.place({ items })).id);
    await other.shop.orders.place({ items });
    const listed: number[] = [];
    for await (const { id } of shop.orders.list({ limit: 2 })) listed.push(id);
    assert.deepEqual(listed, placed);
  },

  'an admin finds orders by user, state and time': async (trial) => {
    const { user, shop } = await trial.customer();
    const items = [lineOf(await trial.product())];
    const [first, second] = [await shop.orders.place({ items }), await shop.orders.place({ items })];
    await shop.orders.cancel({ orderId: first.id });
    const found = async (search: Inputs['orders']['search']) =>
      (await trial.admin.orders.search({ userId: user.id, ...search })).items.map(({ id }) => id);
    assert.deepEqual(await found({}), [second.id, first.id]);
    assert.deepEqual(await found({ status: 'CANCELLED' }), [first.id]);
    assert.deepEqual(await found({ createdFrom: after(second.createdAt, HOUR_MS) }), []);
    assert.deepEqual(await found({ createdTo: first.createdAt }), []);
  },
});
