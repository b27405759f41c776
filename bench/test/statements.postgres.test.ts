import { createTestEngine, type TestEngine } from '@baguni/testing';
import { type PostgresServer, startPostgres } from '@baguni/testing/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COUNTING, StatementCounter } from '../src/statement-counter.ts';

// Time is noise on every machine; how many statements the database is sent is the same on all of them.
describe.skipIf(process.env.TEST_DATABASE_URL !== undefined)('as the database counts statements', () => {
  let postgres: PostgresServer;
  let admin: pg.Pool;
  let engine: TestEngine;
  let databaseUrl: string;

  beforeAll(async () => {
    postgres = await startPostgres({ durable: false, settings: COUNTING });
    admin = new pg.Pool({ connectionString: postgres.url, max: 1 });
    databaseUrl = await postgres.createDatabase();
    engine = await createTestEngine({ databaseUrl });
  });

  afterAll(async () => {
    await engine.close();
    await admin.end();
    await postgres.stop();
  });

  async function statementsOf(run: () => Promise<unknown>): Promise<number> {
    const counted = await new StatementCounter(admin).during(new URL(databaseUrl).pathname.slice(1), run);
    if (counted === undefined) throw new Error('The server cannot count statements.');
    return counted;
  }

  async function customersWithProducts(count: number) {
    const productInputs = Array.from({ length: count }, (_, index) => ({
      name: `Product ${index}`,
      price: 1_000,
      quantity: 1_000,
    }));
    const products = await engine.admin.products.createMany({ products: productInputs });
    const users = await Promise.all(products.map(() => engine.given.user()));
    const customers = users.map((user) => engine.customer(user));
    return products.map((product, index) => ({
      productId: product.id,
      customer: customers[index] ?? engine.anonymous,
    }));
  }

  test('an order alone takes at most ten', async () => {
    const pairs = await customersWithProducts(2);
    const place = ({ customer, productId }: (typeof pairs)[number]) =>
      customer.orders.place({ items: [{ productId, quantity: 1 }] });
    // The first order takes ids ahead of need for those that follow.
    const [first, second] = pairs;
    if (!first || !second) throw new Error('There are two.');
    await place(first);

    const statements = await statementsOf(() => place(second));

    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(10);
  });

  test('of 64 orders at once each takes at most one', async () => {
    const pairs = await customersWithProducts(64);
    const placeAll = () =>
      Promise.all(
        pairs.map(({ customer, productId }) => customer.orders.place({ items: [{ productId, quantity: 1 }] })),
      );
    await placeAll();

    const statements = await statementsOf(placeAll);

    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(64);
  });

  test('a page of products takes one', async () => {
    await customersWithProducts(21);

    const statements = await statementsOf(async () => await engine.anonymous.products.list({ limit: 20 }));

    expect(statements).toBe(1);
  });

  test('a page of orders takes one, with their lines and payments, which so are of one moment', async () => {
    const [pair] = await customersWithProducts(1);
    if (!pair) throw new Error('There is one.');
    const items = [{ productId: pair.productId, quantity: 1 }];
    for (let placed = 0; placed < 3; placed++) await pair.customer.orders.place({ items });

    const statements = await statementsOf(async () => await pair.customer.orders.list());

    expect(statements).toBe(1);
  });

  test('a cart takes one, with its lines and their products', async () => {
    const [pair] = await customersWithProducts(1);
    if (!pair) throw new Error('There is one.');
    await pair.customer.cart.addItem({ productId: pair.productId, quantity: 1 });

    const statements = await statementsOf(async () => await pair.customer.cart.get());

    expect(statements).toBe(1);
  });

  test('an addition to a cart that holds something takes at most six', async () => {
    const [pair, other] = await customersWithProducts(2);
    if (!pair || !other) throw new Error('There are two.');
    await pair.customer.cart.addItem({ productId: pair.productId, quantity: 1 });

    const statements = await statementsOf(() =>
      pair.customer.cart.addItem({ productId: other.productId, quantity: 1 }),
    );

    expect(statements).toBeGreaterThan(0);
    expect(statements).toBeLessThanOrEqual(6);
  });
});
