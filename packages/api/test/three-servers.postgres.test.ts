import { DEFAULT_SETTINGS, openDatabase } from '@baguni/db';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { verify } from '../src/index.ts';
import { expectNoDeadlocks } from './deadlocks.ts';
import { answersOf, raceOf, reasonsOf, type Servers, startServers } from './servers.ts';

const CALLERS = 64;

async function openShop() {
  const databaseUrl = await freshDatabaseUrl();
  expectNoDeadlocks(databaseUrl);
  const database = await openDatabase(databaseUrl);
  onTestFinished(() => database.close());
  const servers = await startServers(3, databaseUrl);
  const sql = <Row extends object>(query: string) => database.fork().execute<Row[]>(query);
  const assertBooksAreRight = async () => {
    expect((await verify(database, DEFAULT_SETTINGS)).differences).toEqual([]);
  };
  return { servers, sql, assertBooksAreRight };
}

async function customersOf({ admin }: Servers, count: number, points = 0) {
  return Promise.all(
    Array.from({ length: count }, async (_, place) => {
      const user = await admin.users.create({ name: `Customer ${place}` });
      if (points > 0) await admin.points.charge({ userId: user.id, amount: points });
      return user;
    }),
  );
}

test('200 orders through three servers for a stock of 50 sell exactly 50, and the database holds exactly those', async () => {
  const { servers, sql, assertBooksAreRight } = await openShop();
  const users = await customersOf(servers, 20);
  const product = await servers.admin.products.create({ name: 'Rare', price: 1_000, quantity: 50 });
  const calls = Array.from({ length: 200 }, (_, place) => () => {
    const user = users[place % users.length];
    if (!user) throw new Error('There is a user at every place.');
    return servers.customer(user, place).orders.place({ items: [{ productId: product.id, quantity: 1 }] });
  });

  const ended = await raceOf(CALLERS, calls);

  const sold = answersOf(ended);
  expect(sold).toHaveLength(50);
  expect(reasonsOf(ended)).toEqual({ STOCK_INSUFFICIENT: 150 });
  expect(await servers.admin.products.get({ productId: product.id })).toMatchObject({ quantity: 0 });
  const rows = await sql<{ id: string }>('select id from orders');
  expect(rows.map(({ id }) => Number(id)).sort()).toEqual(sold.map(({ id }) => id).sort());
  await assertBooksAreRight();
});

test('300 users who each claim a coupon of 100 three times through three servers get exactly 100, one a user', async () => {
  const { servers, sql, assertBooksAreRight } = await openShop();
  const users = await customersOf(servers, 300);
  const coupon = await servers.admin.coupons.create({
    name: 'Rush',
    discountType: 'FIXED',
    discountValue: 100,
    totalQuantity: 100,
  });
  const calls = [0, 1, 2].flatMap((nth) =>
    users.map((user) => () => servers.customer(user, nth).coupons.claim({ couponId: coupon.id })),
  );

  const ended = await raceOf(CALLERS, calls);

  const claimed = answersOf(ended);
  expect(claimed).toHaveLength(100);
  expect(new Set(claimed.map(({ userId }) => userId)).size).toBe(100);
  const { COUPON_EXHAUSTED = 0, COUPON_ALREADY_CLAIMED = 0, ...others } = reasonsOf(ended);
  expect(COUPON_EXHAUSTED + COUPON_ALREADY_CLAIMED).toBe(800);
  expect(others).toEqual({});
  const rows = await sql<{ id: string }>('select id from user_coupons');
  expect(rows.map(({ id }) => Number(id)).sort()).toEqual(claimed.map(({ id }) => id).sort());
  await assertBooksAreRight();
});

test('64 orders that race on one wallet through three servers never take it below zero', async () => {
  const { servers, assertBooksAreRight } = await openShop();
  const [user] = await customersOf(servers, 1, 10_000);
  if (!user) throw new Error('There is one user.');
  const product = await servers.admin.products.create({ name: 'Tea', price: 1_000, quantity: 1_000 });
  const items = [{ productId: product.id, quantity: 1 }];
  const calls = Array.from(
    { length: 64 },
    (_, place) => () => servers.customer(user, place).orders.place({ items, points: 1_000 }),
  );

  const ended = await raceOf(CALLERS, calls);

  expect(answersOf(ended)).toHaveLength(10);
  expect(reasonsOf(ended)).toEqual({ POINTS_INSUFFICIENT: 54 });
  expect(await servers.customer(user, 0).points.balance()).toMatchObject({ balance: 0 });
  await assertBooksAreRight();
});

test('orders of several products in any order never deadlock', async () => {
  const { servers, assertBooksAreRight } = await openShop();
  const users = await customersOf(servers, 8, 1_000_000);
  const products = await Promise.all(
    Array.from({ length: 8 }, () => servers.admin.products.create({ name: 'Tea', price: 10, quantity: 10_000 })),
  );
  const calls = Array.from({ length: 300 }, (_, place) => () => {
    const user = users[place % users.length];
    if (!user) throw new Error('There is a user at every place.');
    // Every order goes around the products from another place, half of them backwards.
    const around = products.map((_, step) => products[(place * 3 + (place % 2 ? step : 8 - step)) % 8]);
    const items = around.slice(0, 5).map((product) => ({ productId: Number(product?.id), quantity: 1 }));
    return servers.customer(user, place).orders.place({ items, points: 50 });
  });

  const ended = await raceOf(CALLERS, calls);

  expect(answersOf(ended)).toHaveLength(300);
  await assertBooksAreRight();
});

test('one key sent five times at once to three servers takes effect once and is answered five times alike', async () => {
  const { servers, sql, assertBooksAreRight } = await openShop();
  const [user] = await customersOf(servers, 1);
  if (!user) throw new Error('There is one user.');
  const product = await servers.admin.products.create({ name: 'Tea', price: 1_000, quantity: 10 });
  const place = (idempotencyKey: string, quantity: number) => (nth: number) =>
    servers.customer(user, nth).orders.place({ items: [{ productId: product.id, quantity }], idempotencyKey });

  for (const key of ['first', 'second', 'third']) {
    const answers = await Promise.all([0, 1, 2, 3, 4].map(place(key, 1)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const [other] = await Promise.allSettled([place(key, 2)(1)]);
    expect(reasonsOf([other])).toEqual({ IDEMPOTENCY_KEY_REUSED: 1 });
  }

  expect(await sql('select id from orders')).toHaveLength(3);
  expect(await servers.admin.products.get({ productId: product.id })).toMatchObject({ quantity: 7 });
  await assertBooksAreRight();
});

test('three servers that start at once on an empty database seed one demo shop together', async () => {
  const databaseUrl = await freshDatabaseUrl();
  const database = await openDatabase(databaseUrl);
  onTestFinished(() => database.close());
  await startServers(3, databaseUrl, { demo: true });
  const [{ products, users } = {}] = await database
    .fork()
    .execute<{ products: string; users: string }[]>(
      'select (select count(*) from products) as products, (select count(*) from users) as users',
    );
  expect({ products: Number(products), users: Number(users) }).toEqual({ products: 40, users: 3 });
  expect((await verify(database, DEFAULT_SETTINGS)).differences).toEqual([]);
});
