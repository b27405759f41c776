import { expect, test } from 'vitest';
import { PointEntry, PointWallet, Product, Stock, StockEntry, type UserCoupon } from '../src/index.ts';
import {
  addCart,
  addCoupon,
  addItem,
  addProduct,
  adjustStock,
  chargeMany,
  chargeWallet,
  claimCoupon,
  removeItem,
  takeCart,
  takeSeenCart,
} from './commands.ts';
import { openShop } from './shop.ts';

const NOON = new Date('2026-03-01T12:00:00.123Z');

test('a command’s rows, entries and versions are written together', async () => {
  const shop = await openShop({ clock: () => NOON });
  const { productId } = await shop.run(addProduct, { name: 'Green tea', price: 3_000, quantity: 10 });

  expect(await shop.run(adjustStock, { productId, delta: -3 })).toEqual({ quantity: 7, version: 2 });

  const em = shop.database.fork();
  expect(await em.findOneOrFail(Product, { id: productId })).toMatchObject({
    name: 'Green tea',
    price: 3_000,
    quantity: 7,
    status: 'ON_SALE',
    version: 2,
    createdAt: NOON,
    updatedAt: NOON,
  });
  expect(await em.findOneOrFail(Stock, { productId })).toMatchObject({ quantity: 7, version: 2 });
  expect(await em.find(StockEntry, { productId }, { orderBy: { id: 'asc' } })).toMatchObject([
    { reason: 'INITIAL', quantity: 10, orderId: null, createdAt: NOON },
    { reason: 'ADJUST', quantity: -3, orderId: null, createdAt: NOON },
  ]);
});

test('without a clock of its own a decision goes by the database’s time', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const before = await databaseTime(shop);
  const { chargedAt } = await shop.run(chargeWallet, { userId, points: 5 });
  const after = await databaseTime(shop);

  expect(chargedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(chargedAt.getTime()).toBeLessThanOrEqual(after);
});

test('commands that arrive together change one row one after another, in one transaction', async () => {
  let transactions = 0;
  const clock = () => {
    transactions++;
    return NOON;
  };
  const shop = await openShop({ clock });
  const userId = await shop.givenUser();
  transactions = 0;

  const answers = await Promise.all([100, 20, 3].map((points) => shop.run(chargeWallet, { userId, points })));

  expect(transactions).toBe(1);
  expect(answers.map(({ balance }) => balance)).toEqual([100, 120, 123]);
  const em = shop.database.fork();
  expect(await em.findOneOrFail(PointWallet, { userId })).toMatchObject({ balance: 123, version: 4 });
  expect(await em.find(PointEntry, { userId }, { orderBy: { sequence: 'asc' } })).toMatchObject([
    { amount: 100, balanceAfter: 100, sequence: 2 },
    { amount: 20, balanceAfter: 120, sequence: 3 },
    { amount: 3, balanceAfter: 123, sequence: 4 },
  ]);
});

test('more commands than one transaction takes are all answered, each once', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(0);

  const answers = await Promise.all(Array.from({ length: 200 }, () => shop.run(adjustStock, { productId, delta: 1 })));

  expect(answers.map(({ quantity }) => quantity)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  expect(await shop.stockBooks()).toMatchObject([{ stock: 200, copy: 200, entries: 200, entryCount: 200 }]);
});

test('a stale expected version is refused with the current one, and the right one passes', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);

  const [first, second, third] = await Promise.allSettled([
    shop.run(adjustStock, { productId, delta: 1, expectedVersion: 1 }),
    shop.run(adjustStock, { productId, delta: 1, expectedVersion: 1 }),
    shop.run(adjustStock, { productId, delta: 1, expectedVersion: 2 }),
  ]);

  expect(first).toMatchObject({ value: { version: 2 } });
  expect(second).toMatchObject({
    reason: { reason: 'VERSION_CONFLICT', details: { expectedVersion: 1, currentVersion: 2 } },
  });
  expect(third).toMatchObject({ value: { version: 3 } });
});

test('of thirty claims of a coupon of ten that arrive in one tick, the first ten get it', async () => {
  const shop = await openShop();
  const { couponId } = await shop.run(addCoupon, { totalQuantity: 10 });
  const userIds = await shop.givenUsers(30);

  const claims = await Promise.allSettled(userIds.map((userId) => shop.run(claimCoupon, { couponId, userId })));

  expect(claims.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 10 }, () => 'fulfilled'),
    ...Array.from({ length: 20 }, () => 'rejected'),
  ]);
  expect(claims[29]).toMatchObject({ reason: { reason: 'COUPON_EXHAUSTED' } });
});

test('a claim sees the one that the same user made earlier in the same tick', async () => {
  const shop = await openShop();
  const { couponId } = await shop.run(addCoupon, { totalQuantity: 10 });
  const userId = await shop.givenUser();

  const [first, second] = await Promise.allSettled([
    shop.run(claimCoupon, { couponId, userId }),
    shop.run(claimCoupon, { couponId, userId }),
  ]);

  const userCouponId = first.status === 'fulfilled' ? first.value.userCouponId : undefined;
  expect(second).toMatchObject({
    reason: { reason: 'COUPON_ALREADY_CLAIMED', details: { couponId, userCouponId } satisfies UserCouponRef },
  });
});

interface UserCouponRef {
  couponId: UserCoupon['couponId'];
  userCouponId: number | undefined;
}

test('a decision sees lines that earlier commands of its transaction added and removed', async () => {
  const shop = await openShop();
  const [tea = 0, cup = 0] = await shop.givenProducts(2, 10);
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
  await shop.run(addItem, { cartId, productId: tea, quantity: 1 });

  const outcomes = await Promise.allSettled([
    shop.run(addItem, { cartId, productId: tea, quantity: 2 }),
    shop.run(addItem, { cartId, productId: cup, quantity: 1 }),
    shop.run(addItem, { cartId, productId: cup, quantity: 4 }),
    shop.run(removeItem, { cartId, productId: tea }),
    shop.run(removeItem, { cartId, productId: tea }),
    shop.run(addItem, { cartId, productId: tea, quantity: 7 }),
  ]);

  expect(outcomes).toMatchObject([
    { value: { quantity: 3 } },
    { value: { quantity: 1 } },
    { value: { quantity: 5 } },
    { value: {} },
    { reason: { reason: 'CART_ITEM_NOT_FOUND' } },
    { value: { quantity: 7 } },
  ]);
  expect(await shop.run(takeCart, { cartId })).toEqual({
    lines: expect.arrayContaining([
      { productId: tea, quantity: 7 },
      { productId: cup, quantity: 5 },
    ]),
  });
});

test('a line that is added and removed within one transaction leaves no row', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);
  const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });

  await Promise.all([
    shop.run(addItem, { cartId, productId, quantity: 1 }),
    shop.run(removeItem, { cartId, productId }),
  ]);

  expect(await shop.run(takeCart, { cartId })).toEqual({ lines: [] });
});

test.for([
  { how: 'that it awaited', command: takeSeenCart },
  { how: 'by their fields', command: takeCart },
])(
  'a load that went by rows $how, which an earlier command changed, runs again and sees the change',
  async ({ command }) => {
    const shop = await openShop();
    const [tea = 0, cup = 0] = await shop.givenProducts(2, 10);
    const { cartId } = await shop.run(addCart, { userId: await shop.givenUser() });
    await shop.run(addItem, { cartId, productId: tea, quantity: 1 });

    const [, taken, adjusted] = await Promise.all([
      shop.run(addItem, { cartId, productId: cup, quantity: 4 }),
      shop.run(command, { cartId }),
      shop.run(adjustStock, { productId: tea, delta: 5 }),
    ]);

    expect(taken.lines).toEqual([
      { productId: tea, quantity: 1 },
      { productId: cup, quantity: 4 },
    ]);
    expect(adjusted.quantity).toBe(15);
    expect(await shop.stockBooks()).toMatchObject([
      { stock: 14, copy: 14, entries: 14 },
      { stock: 6, copy: 6, entries: 6 },
    ]);
  },
);

test('every added row has an id of its own, also when one command adds a thousand', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();

  const answers = await Promise.all([
    shop.run(chargeMany, { userId, times: 1_000 }),
    shop.run(chargeWallet, { userId, points: 1 }),
  ]);

  expect(answers).toMatchObject([{ balance: 1_000 }, { balance: 1_001 }]);
  const entries = await shop.database.fork().find(PointEntry, { userId }, { orderBy: { sequence: 'asc' } });
  expect(new Set(entries.map(({ id }) => id)).size).toBe(1_001);
  expect(entries.map(({ balanceAfter }) => balanceAfter)).toEqual(Array.from({ length: 1_001 }, (_, i) => i + 1));
});

async function databaseTime({ database }: Awaited<ReturnType<typeof openShop>>): Promise<number> {
  const [row] = await database.fork().execute<{ now: number | string }[]>(`select ${database.engine.clockSql} as now`);
  return Number(row?.now);
}
