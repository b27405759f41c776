import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { proceduresFor } from '../callers.ts';
import { assertRefused } from '../expectations.ts';
import { lineOf } from '../trial.ts';

export const authorization = feature('Authorization', {
  'nobody calls what needs a token without one': async (trial) => {
    const procedures = [...proceduresFor('admin'), ...proceduresFor('customer'), ...proceduresFor('owner')];
    for (const { path, method } of procedures) {
      const { error } = await trial.wire.send(path, { method });
      assert.partialDeepStrictEqual(error?.data, { reason: 'UNAUTHENTICATED', httpStatus: 401 }, path);
    }
  },

  'a customer calls nothing that is for admins': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    for (const { path, method } of proceduresFor('admin')) {
      const { error } = await trial.wire.send(path, { method, token });
      assert.partialDeepStrictEqual(error?.data, { reason: 'FORBIDDEN', httpStatus: 403 }, path);
    }
  },

  'an admin does nothing in the name of a customer': async (trial) => {
    const token = trial.wire.adminKey;
    for (const { path, method } of proceduresFor('customer')) {
      const { error } = await trial.wire.send(path, { method, token });
      assert.partialDeepStrictEqual(error?.data, { reason: 'FORBIDDEN', httpStatus: 403 }, path);
    }
  },

  'everybody may look at what is public': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    for (const { path, method } of proceduresFor('public')) {
      for (const request of [{ method }, { method, token }, { method, token: trial.wire.adminKey }]) {
        const { error } = await trial.wire.send(path, request);
        assert.ok(!error || error.data.httpStatus === 400, `${path}: ${error?.message}`);
      }
    }
  },

  'a token that is wrong in any way is refused, also for what is public': async (trial) => {
    const { user, shop } = await trial.customer();
    const good = await trial.tokenOf(user);
    const [header = '', payload = '', signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const wrong = [
      'x',
      `${good}x`,
      `${header}.${payload}.`,
      `${header}.${payload}.${flipped}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `bgn_${trial.word}${trial.word}`,
      `${trial.wire.adminKey}x`,
    ];
    for (const token of wrong) {
      await assertRefused(trial.connect(token).products.list({ limit: 1 }), 'UNAUTHENTICATED');
      await assertRefused(trial.connect(token).users.me(), 'UNAUTHENTICATED');
    }
    assert.partialDeepStrictEqual(await shop.users.me(), { id: user.id });
  },

  "other people's orders do not exist": async (trial) => {
    const [owner, other] = await trial.customers(2);
    assert.ok(owner && other);
    const { id: orderId } = await owner.shop.orders.place({ items: [lineOf(await trial.product())] });
    const { shop } = other;
    for (const call of [
      () => shop.orders.get({ orderId }),
      () => shop.orders.cancel({ orderId }),
      () => shop.payments.get({ orderId }),
    ]) {
      await assertRefused(call(), 'ORDER_NOT_FOUND', { orderId });
    }
    assert.deepEqual((await shop.orders.list()).items, []);
    assert.partialDeepStrictEqual(await owner.shop.orders.get({ orderId }), { status: 'WAITING' });
  },

  "other people's wallets do not exist": async (trial) => {
    const [owner, other] = await trial.customers(2);
    assert.ok(owner && other);
    const userId = owner.user.id;
    await assertRefused(other.shop.points.balance({ userId }), 'USER_NOT_FOUND', { userId });
    await assertRefused(other.shop.points.history({ userId }), 'USER_NOT_FOUND', { userId });
    assert.partialDeepStrictEqual(await owner.shop.points.balance({ userId }), { userId });
  },

  "other people's coupons cannot be used": async (trial) => {
    const [owner, other] = await trial.customers(2);
    assert.ok(owner && other);
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId } = await owner.shop.coupons.claim({ couponId });
    const call = other.shop.orders.place({ items: [lineOf(await trial.product())], userCouponId });
    await assertRefused(call, 'USER_COUPON_NOT_FOUND', { userCouponId });
    assert.deepEqual((await other.shop.coupons.mine()).items, []);
    assert.partialDeepStrictEqual((await owner.shop.coupons.mine()).items, [{ used: false }]);
  },
});
