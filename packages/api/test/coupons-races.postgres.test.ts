import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { reasonsOf } from './servers.ts';
import { customerWith, productWith } from './shop-for-test.ts';

const ROUNDS = 200;
const RACE_TIMEOUT_MS = 300_000;

test('of a coupon that is claimed, used and taken back at once, one of the last two wins and the others are told why', {
  timeout: RACE_TIMEOUT_MS,
}, async () => {
  const databaseUrl = await freshDatabaseUrl();
  const one = await createTestEngine({ databaseUrl });
  const two = await createTestEngine({ databaseUrl });
  onTestFinished(() => one.close());
  onTestFinished(() => two.close());
  const { id: couponId } = await one.given.coupon({ totalQuantity: ROUNDS });
  const product = await productWith(one, { stock: ROUNDS });
  const items = [{ productId: product.id, quantity: 1 }];
  const won = { use: 0, revoke: 0 };

  for (let round = 0; round < ROUNDS; round++) {
    const { user, shop } = await customerWith(one);
    const { id: userCouponId } = await shop.coupons.claim({ couponId });
    const calls = [
      () => two.admin.coupons.revoke({ userCouponId }),
      () => shop.orders.place({ items, userCouponId }),
      () => two.customer(user).coupons.claim({ couponId }),
    ];
    // Each begins first as often as the others.
    const order = [0, 1, 2].map((place) => (place + round) % 3);
    const ended = new Array<PromiseSettledResult<unknown>>(3);
    await Promise.all(
      order.map(async (call) => {
        const [result] = await Promise.allSettled([calls[call]?.()]);
        if (result) ended[call] = result;
      }),
    );
    const [revoked, used, claimed] = ended;
    if (!revoked || !used || !claimed) throw new Error('Every call ends.');
    expect(reasonsOf([claimed])).toEqual({ COUPON_ALREADY_CLAIMED: 1 });
    expect([revoked.status, used.status].sort()).toEqual(['fulfilled', 'rejected']);
    if (used.status === 'fulfilled') {
      expect(reasonsOf([revoked])).toEqual({ COUPON_ALREADY_USED: 1 });
      won.use++;
    } else {
      expect(reasonsOf([used])).toEqual({ COUPON_REVOKED: 1 });
      won.revoke++;
    }
  }
  expect(won.use + won.revoke).toBe(ROUNDS);
});
