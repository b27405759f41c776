import assert from 'node:assert/strict';
import { feature, needs } from '../behaviour.ts';
import { assertRefused } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const holds = feature('Holds', {
  'an order that nobody pays gives everything back when its time is over, and not before': needs(
    'clock',
    async (trial, clock) => {
      const { shop } = await trial.customer({ points: 500 });
      const product = await trial.product({ quantity: 5 });
      const { id: couponId } = await trial.coupon();
      const { id: userCouponId } = await shop.coupons.claim({ couponId });
      const order = await shop.orders.place({ items: [lineOf(product, 2)], userCouponId, points: 300 });
      const { id: orderId } = order;
      assert.ok(order.expiresAt);
      const now = await clock.now();
      await clock.advance({ milliseconds: order.expiresAt.getTime() - now.getTime() - 1 });
      assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), { status: 'WAITING' });
      assert.equal(await trial.stockOf(product), 3);
      await clock.advance({ milliseconds: 1 });
      assert.partialDeepStrictEqual(await shop.orders.get({ orderId }), { status: 'CANCELLED', expiresAt: null });
      assert.equal(await trial.stockOf(product), 5);
      assert.partialDeepStrictEqual(await shop.points.balance(), { balance: 500 });
      assert.partialDeepStrictEqual((await shop.coupons.mine()).items, [{ id: userCouponId, used: false }]);
      await assertRefused(shop.orders.cancel({ orderId }), 'ORDER_NOT_WAITING', { orderId, status: 'CANCELLED' });
    },
  ),

  'a complete order holds nothing and does not expire': needs('clock', async (trial, clock) => {
    const { shop } = await trial.customer({ points: 1_000 });
    const product = await trial.product({ quantity: 5 });
    const order = await shop.orders.place({ items: [lineOf(product)], points: 1_000 });
    await clock.advance({ milliseconds: 24 * 60 * 60 * 1_000 });
    assert.deepEqual(await shop.orders.get({ orderId: order.id }), order);
    assert.equal(await trial.stockOf(product), 4);
  }),
});
