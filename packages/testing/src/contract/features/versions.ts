import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertRefused, assertWinners, atOnce, times } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const versions = feature('Versions', {
  'a change of a product is refused when it is meant for another version': async (trial) => {
    const { id: productId, version } = await trial.product();
    const { admin } = trial;
    const current = await admin.products.update({ productId, price: 2_000, expectedVersion: version });
    const stale = { productId, expectedVersion: version };
    for (const call of [
      () => admin.products.update({ ...stale, price: 1 }),
      () => admin.products.adjustStock({ ...stale, delta: 1 }),
      () => admin.products.setStatus({ ...stale, status: 'HIDDEN' }),
    ]) {
      const currentVersion = current.version;
      await assertRefused(call(), 'VERSION_CONFLICT', { expectedVersion: version, currentVersion });
    }
    assert.deepEqual(await admin.products.get({ productId }), current);
  },

  'a change of a coupon is refused when it is meant for another version': async (trial) => {
    const { id: couponId, version } = await trial.coupon();
    const current = await trial.admin.coupons.update({ couponId, totalQuantity: 11, expectedVersion: version });
    const stale = trial.admin.coupons.update({ couponId, totalQuantity: 12, expectedVersion: version });
    await assertRefused(stale, 'VERSION_CONFLICT', { currentVersion: current.version });
    assert.deepEqual(await trial.admin.coupons.get({ couponId }), current);
  },

  'a change of a cart is refused when it is meant for another version': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product();
    const { version } = await shop.cart.addItem(lineOf(product));
    const current = await shop.cart.addItem({ ...lineOf(product), expectedVersion: version });
    const stale = { productId: product.id, expectedVersion: version };
    for (const call of [
      () => shop.cart.addItem({ ...stale, quantity: 1 }),
      () => shop.cart.setQuantity({ ...stale, quantity: 5 }),
      () => shop.cart.removeItem(stale),
      () => shop.cart.clear({ expectedVersion: version }),
    ]) {
      await assertRefused(call(), 'VERSION_CONFLICT', { currentVersion: current.version });
    }
    assert.deepEqual(await shop.cart.get(), current);
  },

  'an order is cancelled or refunded only in the version that was seen': async (trial) => {
    const { shop } = await trial.customer({ points: 2_000 });
    const product = await trial.product();
    const waiting = await shop.orders.place({ items: [lineOf(product)] });
    const cancel = (expectedVersion: number) => shop.orders.cancel({ orderId: waiting.id, expectedVersion });
    await assertRefused(cancel(waiting.version + 1), 'VERSION_CONFLICT', { currentVersion: waiting.version });
    assert.partialDeepStrictEqual(await cancel(waiting.version), { status: 'CANCELLED' });
    const paid = await shop.orders.place({ items: [lineOf(product, 2)], points: 2_000 });
    const refund = (expectedVersion: number) =>
      trial.admin.payments.refund({ orderId: paid.id, items: [lineOf(product)], expectedVersion });
    await refund(paid.version);
    await assertRefused(refund(paid.version), 'VERSION_CONFLICT', { expectedVersion: paid.version });
  },

  'of many changes at once for one version exactly one is made': async (trial) => {
    const { id: productId, version } = await trial.product();
    const ended = await atOnce(
      times(8, (place) => trial.admin.products.update({ productId, price: place, expectedVersion: version })),
    );
    assertWinners(ended, 1, 'VERSION_CONFLICT');
    assert.deepEqual(await trial.admin.products.get({ productId }), ended.answers[0]);
  },

  'a change that names no version never meets a conflict': async (trial) => {
    const { id: productId } = await trial.product({ quantity: 0 });
    await Promise.all(times(8, () => trial.admin.products.adjustStock({ productId, delta: 1 })));
    assert.partialDeepStrictEqual(await trial.admin.products.get({ productId }), { quantity: 8 });
  },
});
