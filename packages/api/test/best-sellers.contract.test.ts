import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal } from './shop-for-test.ts';

async function sellerOn(engine: TestEngine) {
  const { shop } = await customerWith(engine, { points: 10_000_000 });
  /** Sells pieces at the moment; points pay all of it, so that the order is complete. */
  return async (product: { id: number; price: number }, quantity: number, at: string) => {
    await engine.clock.set(new Date(at));
    await shop.orders.place({ items: [{ productId: product.id, quantity }], points: product.price * quantity });
  };
}

async function bestOf(engine: TestEngine, input?: { days?: number; limit?: number }) {
  const best = await engine.anonymous.products.bestSellers(input);
  return best.map(({ product, quantity, amount }) => [product.id, quantity, amount]);
}

test('the last three days count, by the calendar of the shop', async () => {
  const engine = await openTestShop();
  const sell = await sellerOn(engine);
  const tea = await productWith(engine, { stock: 100, price: 10 });
  const cup = await productWith(engine, { stock: 100, price: 20 });
  // Seoul is nine hours ahead: these are 23:59:59.999 and 00:00 there.
  await sell(tea, 1, '2026-01-07T14:59:59.999Z');
  await sell(tea, 2, '2026-01-07T15:00:00.000Z');
  await sell(cup, 4, '2026-01-08T03:00:00.000Z');
  await sell(tea, 8, '2026-01-10T14:59:59.999Z');
  expect(await bestOf(engine)).toEqual([
    [tea.id, 10, 100],
    [cup.id, 4, 80],
  ]);
  expect(await bestOf(engine, { days: 1 })).toEqual([[tea.id, 8, 80]]);
  expect(await bestOf(engine, { days: 4 })).toEqual([
    [tea.id, 11, 110],
    [cup.id, 4, 80],
  ]);
  // One millisecond later the next day has begun there.
  await engine.clock.advance({ milliseconds: 1 });
  expect(await bestOf(engine)).toEqual([[tea.id, 8, 80]]);
  expect(await bestOf(engine, { days: 90 })).toEqual([
    [tea.id, 11, 110],
    [cup.id, 4, 80],
  ]);
});

test('any window is what the complete orders of its days sold', async () => {
  const engine = await openTestShop();
  const sell = await sellerOn(engine);
  const products = await Promise.all([10, 20, 30].map((price) => productWith(engine, { stock: 10_000, price })));
  const sold: { product: number; pieces: number; at: number }[] = [];
  for (let made = 0; made < 60; made++) {
    const product = products[(made * 7) % 3];
    const at = Date.UTC(2026, 0, 1) + made * 37 * 60 * 60 * 1000;
    const pieces = ((made * 13) % 5) + 1;
    if (!product) continue;
    await sell(product, pieces, new Date(at).toISOString());
    sold.push({ product: product.id, pieces, at });
  }
  const SEOUL_MS = 9 * 60 * 60 * 1000;
  const DAY_MS = 24 * 60 * 60 * 1000;
  const dayNumber = (at: number) => Math.floor((at + SEOUL_MS) / DAY_MS);
  const today = dayNumber(sold.at(-1)?.at ?? 0);
  for (let days = 1; days <= 90; days += 4) {
    const pieces = new Map<number, number>();
    for (const sale of sold) {
      if (dayNumber(sale.at) <= today - days) continue;
      pieces.set(sale.product, (pieces.get(sale.product) ?? 0) + sale.pieces);
    }
    const best = await engine.anonymous.products.bestSellers({ days });
    const expected = [...pieces].sort(([idA, a], [idB, b]) => b - a || idA - idB);
    expect(
      best.map(({ product, quantity }) => [product.id, quantity]),
      `${days} days`,
    ).toEqual(expected);
  }
});

test('ties go by id, the limit holds, and hidden products are left out', async () => {
  const engine = await openTestShop();
  const sell = await sellerOn(engine);
  const products = [];
  for (let made = 0; made < 7; made++) products.push(await productWith(engine, { price: 10 }));
  for (const product of products.toReversed()) await sell(product, 2, '2026-01-02T00:00:00.000Z');
  const ids = products.map(({ id }) => id);
  expect((await bestOf(engine)).map(([id]) => id)).toEqual(ids.slice(0, 5));
  expect((await bestOf(engine, { limit: 2 })).map(([id]) => id)).toEqual(ids.slice(0, 2));
  expect((await bestOf(engine, { limit: 100 })).map(([id]) => id)).toEqual(ids);
  await engine.admin.products.setStatus({ productId: ids[0] ?? 0, status: 'HIDDEN' });
  expect((await bestOf(engine)).map(([id]) => id)).toEqual(ids.slice(1, 6));
});

test('what a coupon takes off is no amount sold, and a waiting order sold nothing', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine, { price: 1_000 });
  const coupon = await engine.admin.coupons.create({
    name: 'Three hundred off',
    discountType: 'FIXED',
    discountValue: 300,
    totalQuantity: 1,
  });
  const { id: userCouponId } = await shop.coupons.claim({ couponId: coupon.id });
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 3 }] });
  expect(await bestOf(engine)).toEqual([]);
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], userCouponId, points: 700 });
  expect(await bestOf(engine)).toEqual([[tea.id, 1, 700]]);
});

test('a window that is too short or too long is refused', async () => {
  const engine = await openTestShop();
  for (const input of [{ days: 0 }, { days: 91 }, { days: 1.5 }, { limit: 0 }, { limit: 101 }]) {
    expect(await refusal(engine.anonymous.products.bestSellers(input))).toMatchObject({ reason: 'INPUT_INVALID' });
  }
});
