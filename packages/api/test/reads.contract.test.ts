import {
  ORDER_STATUSES,
  Order,
  OrderItem,
  Payment,
  Product,
  type ReadOptions,
  type ReadWhere,
  UserCoupon,
} from '@baguni/db';
import { expect, test } from 'vitest';
import { openTestShop } from './shop-for-test.ts';

const DAY = new Date('2026-01-02T00:00:00.123Z');

/** One condition in both languages, which differ only in how they look for text. */
const READS: [ReadWhere<Product>, ReadOptions<Product>][] = [
  [{}, { orderBy: { id: 'asc' } }],
  [{ status: 'HIDDEN' }, { orderBy: { price: 'desc', id: 'desc' } }],
  [{ id: { $in: [1, 3, 99] } }, { orderBy: { id: 'asc' }, limit: 5 }],
  [{ id: { $in: [] } }, {}],
  [{ createdAt: DAY }, { orderBy: { id: 'asc' } }],
  [{ createdAt: { $lt: DAY } }, { orderBy: { id: 'asc' } }],
  [
    { price: { $gte: 200, $lt: 400 }, status: 'ON_SALE' },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: 1 },
  ],
  [
    { $and: [{ price: { $lte: 300 } }, { $or: [{ price: { $lt: 200 } }, { price: 300, id: { $gt: 1 } }] }] },
    { orderBy: { id: 'asc' } },
  ],
];

test('rows are read as the ORM finds them', async () => {
  const engine = await openTestShop();
  for (const [name, price, status] of [
    ['Gim', 100, 'ON_SALE'],
    ["O'Malley? 100%_!", 300, 'ON_SALE'],
    ['Barley tea', 300, 'HIDDEN'],
  ] as const) {
    await engine.admin.products.create({ name, price, status, quantity: 7 });
    await engine.clock.set(DAY);
  }
  const { database } = engine.internals;
  for (const [where, options] of READS) {
    // The ORM's own type of the same condition is stricter about what is left out.
    const same: object = where;
    const found = await database.fork().find(Product, same, { ...options, disableIdentityMap: true });
    expect(await database.read(Product, where, options)).toEqual(found.map((product) => ({ ...product })));
  }
  const names = (text: string) => database.read(Product, { searchText: { $contains: text } });
  expect(await names('? 100%_!')).toMatchObject([{ name: "O'Malley? 100%_!" }]);
  expect(await names('%a%')).toEqual([]);
});

test('orders in every state, their lines and payments, and coupons in hands are read as the ORM finds them', async () => {
  const engine = await openTestShop();
  const coupon = await engine.given.coupon({ discountValue: 300, expiresAt: DAY });
  for (const status of ORDER_STATUSES) await engine.given.order({ status });
  await engine.given.order({ coupon, points: 'all' });
  await engine.given.coupon({ claimedBy: [await engine.given.user()] });
  const { database } = engine.internals;
  const inOrder = { orderBy: { id: 'asc' } } as const;
  const plain = (entities: readonly object[]) => entities.map((entity) => ({ ...entity }));

  const orders = await database.read(Order, {}, inOrder);
  expect(orders.map(({ status }) => status)).toEqual([...ORDER_STATUSES, 'COMPLETE']);
  expect(orders).toEqual(plain(await database.fork().find(Order, {}, inOrder)));
  expect(await database.read(OrderItem, {}, inOrder)).toEqual(
    plain(await database.fork().find(OrderItem, {}, inOrder)),
  );
  expect(await database.read(Payment, {}, inOrder)).toEqual(plain(await database.fork().find(Payment, {}, inOrder)));
  expect(await database.read(UserCoupon, {}, inOrder)).toEqual(
    plain(await database.fork().find(UserCoupon, {}, inOrder)),
  );
});

test('a condition on a field that is not there is refused', async () => {
  const { internals } = await openTestShop();
  const where: object = { nothing: 1 };
  await expect(internals.database.read(Product, where)).rejects.toThrow('products has no nothing.');
});
