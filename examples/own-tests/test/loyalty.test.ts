import { test } from '@baguni/testing/vitest';
import { describe, expect } from 'vitest';
import { Loyalty, statusOf } from '../src/loyalty.ts';

describe('an order', () => {
  test('gives a member one percent of what they pay back in points', async ({ engine, shop }) => {
    const teapot = await engine.given.product({ price: 42_000 });
    const order = await shop.orders.place({ items: [{ productId: teapot.id, quantity: 1 }] });

    expect(await new Loyalty(engine.admin).reward(order, 0)).toBe(420);
    expect(await shop.points.balance()).toMatchObject({ balance: 420 });
  });

  test('gives a gold member three percent', async ({ engine }) => {
    const order = await engine.given.order({ items: [{ productId: (await engine.given.product()).id, quantity: 5 }] });

    expect(await new Loyalty(engine.admin).reward(order, 100_000)).toBe(150);
  });

  test('gives its points once, however often the service hears of it', async ({ engine, shop }) => {
    const teapot = await engine.given.product({ price: 42_000 });
    const order = await shop.orders.place({ items: [{ productId: teapot.id, quantity: 1 }] });

    const loyalty = new Loyalty(engine.admin);
    await Promise.all([loyalty.reward(order, 0), loyalty.reward(order, 0), loyalty.reward(order, 0)]);

    expect(await shop.points.balance()).toMatchObject({ balance: 420 });
  });

  test('gives its points once, though the connection breaks and the service cannot tell', async ({ engine, shop }) => {
    const teapot = await engine.given.product({ price: 42_000 });
    const order = await shop.orders.place({ items: [{ productId: teapot.id, quantity: 1 }] });

    // The points are given; what is lost is the answer. The client asks again by itself.
    const lost = engine.faults.answerLost({ on: 'points.adjust' });
    expect(await new Loyalty(engine.admin).reward(order, 0)).toBe(420);

    expect(lost.struck).toBe(true);
    expect(await shop.points.balance()).toMatchObject({ balance: 420 });
  });

  test('that is paid with points gives none', async ({ engine }) => {
    const order = await engine.given.order({ points: 'all' });

    expect(await new Loyalty(engine.admin).reward(order, 0)).toBe(0);
  });
});

test('a birthday brings one coupon a year, and a copy of the shop shows what would come of another', async ({
  engine,
}) => {
  const mina = await engine.given.user();
  const cake = await engine.given.coupon();
  const loyalty = new Loyalty(engine.admin);

  await loyalty.congratulate(mina, cake.id, 2026);
  await loyalty.congratulate(mina, cake.id, 2026);
  expect((await engine.customer(mina).coupons.mine()).items).toHaveLength(1);

  await using next = await engine.fork();
  await next.customer(await next.given.user()).coupons.claim({ couponId: cake.id });
  expect((await next.admin.coupons.get({ couponId: cake.id })).issuedQuantity).toBe(2);
  expect((await engine.admin.coupons.get({ couponId: cake.id })).issuedQuantity).toBe(1);
});

test('the birthday coupon is good for a week', async ({ engine }) => {
  const mina = await engine.given.user();
  const cake = await engine.given.coupon({ expiresAt: new Date('2026-01-08T00:00:00Z') });
  const present = await new Loyalty(engine.admin).congratulate(mina, cake.id, 2026);
  const tea = await engine.given.product({ price: 5_000 });
  const order = { items: [{ productId: tea.id, quantity: 1 }], userCouponId: present.id };
  const shop = engine.customer(mina);

  await engine.clock.advance({ days: 6, hours: 23 });
  expect((await shop.orders.quote(order)).discountAmount).toBe(1_000);

  await engine.clock.advance({ hours: 1 });
  await expect(shop.orders.place(order)).rejects.toMatchObject({ reason: 'COUPON_EXPIRED' });
});

test('gold begins at one hundred thousand', () => {
  expect(statusOf(99_999)).toBe('member');
  expect(statusOf(100_000)).toBe('gold');
});
