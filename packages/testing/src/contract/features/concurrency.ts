import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertWinners, atOnce, sumOf, times } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const concurrency = feature('Concurrency', {
  'thirty orders at once for the last five pieces sell exactly five': async (trial) => {
    const customers = await trial.customers(6);
    const product = await trial.product({ quantity: 5 });
    const calls = times(30, (place) => customers[place % 6]?.shop.orders.place({ items: [lineOf(product)] }));
    const ended = await atOnce(calls.map((call) => call ?? assert.fail('There are six customers.')));
    assertWinners(ended, 5, 'STOCK_INSUFFICIENT');
    assert.equal(await trial.stockOf(product), 0);
  },

  'orders at once that spend more points than there are spend exactly what there is': async (trial) => {
    const { shop } = await trial.customer({ points: 1_000 });
    const product = await trial.product({ price: 150, quantity: 100 });
    const ended = await atOnce(times(20, () => shop.orders.place({ items: [lineOf(product)], points: 150 })));
    assertWinners(ended, 6, 'POINTS_INSUFFICIENT');
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 100 });
    const { items } = await shop.points.history({ limit: 100 });
    assert.deepEqual(
      items.map(({ balanceAfter }) => balanceAfter),
      [100, 250, 400, 550, 700, 850, 1_000],
    );
  },

  'no point is lost when many are charged and spent at once': async (trial) => {
    const { user, shop } = await trial.customer({ points: 1_000 });
    const product = await trial.product({ price: 10, quantity: 100 });
    await Promise.all([
      ...times(15, (place) => trial.admin.points.charge({ userId: user.id, amount: place + 1 })),
      ...times(15, () => shop.orders.place({ items: [lineOf(product)], points: 10 })),
    ]);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 1_000 + 120 - 150 });
    const { items } = await shop.points.history({ limit: 100 });
    assert.equal(items.length, 31);
    for (const [place, { amount, balanceAfter }] of items.entries()) {
      assert.equal(balanceAfter - amount, items[place + 1]?.balanceAfter ?? 0);
    }
  },

  'many claims at once get exactly as many coupons as there are': async (trial) => {
    const customers = await trial.customers(20);
    const { id: couponId } = await trial.coupon({ totalQuantity: 7 });
    const ended = await atOnce(customers.map(({ shop }) => shop.coupons.claim({ couponId })));
    assertWinners(ended, 7, 'COUPON_EXHAUSTED');
    assert.partialDeepStrictEqual(await trial.admin.coupons.get({ couponId }), { issuedQuantity: 7 });
  },

  'a customer who claims many times at once gets one coupon': async (trial) => {
    const { shop } = await trial.customer();
    const { id: couponId } = await trial.coupon();
    assertWinners(await atOnce(times(10, () => shop.coupons.claim({ couponId }))), 1, 'COUPON_ALREADY_CLAIMED');
    assert.equal((await shop.coupons.mine()).items.length, 1);
    assert.partialDeepStrictEqual(await trial.admin.coupons.get({ couponId }), { issuedQuantity: 1 });
  },

  'a coupon is used by one of many orders at once': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 20 });
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const ended = await atOnce(times(10, () => shop.orders.place({ items: [lineOf(product)], userCouponId })));
    assertWinners(ended, 1, 'COUPON_ALREADY_USED');
    assert.equal(await trial.stockOf(product), 19);
  },

  'a cart is ordered once, however many try at once': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    await shop.cart.addItem(lineOf(product, 2));
    assertWinners(await atOnce(times(8, () => shop.orders.place())), 1, 'CART_EMPTY');
    assert.equal(await trial.stockOf(product), 8);
  },

  'everything that is put into a cart at once is in it': async (trial) => {
    const { shop } = await trial.customer();
    const products = await Promise.all(times(4, () => trial.product()));
    await Promise.all(times(12, (place) => shop.cart.addItem(lineOf(products[place % 4] ?? assert.fail()))));
    const { items } = await shop.cart.get();
    assert.deepEqual(
      items.map(({ quantity }) => quantity),
      [3, 3, 3, 3],
    );
  },

  'an order that is cancelled many times at once gives back once': async (trial) => {
    const { shop } = await trial.customer({ points: 100 });
    const product = await trial.product();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 3)], points: 100 });
    assertWinners(await atOnce(times(8, () => shop.orders.cancel({ orderId }))), 1, 'ORDER_NOT_WAITING');
    assert.equal(await trial.stockOf(product), 10);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 100 });
  },

  'an order that is refunded many times at once gives back once': async (trial) => {
    const { shop } = await trial.customer({ points: 3_000 });
    const product = await trial.product();
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product, 3)], points: 3_000 });
    const refunds = times(6, () => trial.admin.payments.refund({ orderId, items: [lineOf(product)] }));
    assertWinners(await atOnce(refunds), 3, 'REFUND_EXCEEDS_ORDER', 'ORDER_NOT_REFUNDABLE');
    assert.equal(await trial.stockOf(product), 10);
    assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 3_000 });
  },

  'orders of the same products in opposite order never block each other': async (trial) => {
    const [one, other] = await trial.customers(2);
    assert.ok(one && other);
    const [tea, honey] = [await trial.product({ quantity: 100 }), await trial.product({ quantity: 100 })];
    const calls = times(20, (place) =>
      place % 2 === 0
        ? one.shop.orders.place({ items: [lineOf(tea), lineOf(honey)] })
        : other.shop.orders.place({ items: [lineOf(honey), lineOf(tea)] }),
    );
    assertWinners(await atOnce(calls), 20);
    assert.deepEqual([await trial.stockOf(tea), await trial.stockOf(honey)], [80, 80]);
  },

  'stock that is sold, given back and adjusted at once adds up': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 50 });
    const placed = await Promise.all(times(8, () => shop.orders.place({ items: [lineOf(product)] })));
    const deltas = times(10, (place) => place + 1);
    await Promise.all([
      ...placed.map(({ id: orderId }) => shop.orders.cancel({ orderId })),
      ...deltas.map((delta) => trial.admin.products.adjustStock({ productId: product.id, delta })),
      ...times(8, () => shop.orders.place({ items: [lineOf(product, 2)] })),
    ]);
    assert.equal(await trial.stockOf(product), 50 + sumOf(deltas) - 16);
  },

  'an external id is taken by one of many users at once': async (trial) => {
    const externalId = trial.name('login');
    const ended = await atOnce(times(6, () => trial.admin.users.create({ name: trial.name('User'), externalId })));
    assertWinners(ended, 1, 'EXTERNAL_ID_TAKEN');
  },
});
