import { setImmediate as nextTurn } from 'node:timers/promises';
import { placeOrder } from '@baguni/api';
import { connectPostgres, type PostgresServer } from '@baguni/testing/postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import '../src/vitest/context.ts';
import { createTestEngine, type Fault, type ProcedurePath, type TestEngine } from '../src/index.ts';

/** A change of money, stock or coupons, called with one idempotency key. */
interface Mutation {
  readonly on: ProcedurePath;
  prepare(engine: TestEngine): Promise<(key: string) => Promise<unknown>>;
  /** What the answer says, beside ids and times. */
  readonly answer: object;
}

const MUTATIONS: readonly Mutation[] = [
  {
    on: 'orders.place',
    async prepare(engine) {
      const user = await engine.given.user({ points: 5_000 });
      const { id: productId } = await engine.given.product({ stock: 3 });
      const shop = engine.customer(user);
      const order = { items: [{ productId, quantity: 2 }], points: 500 };
      return (idempotencyKey) => shop.orders.place({ ...order, idempotencyKey });
    },
    answer: { status: 'WAITING', usedPoint: 500, payableAmount: 1_500 },
  },
  {
    on: 'orders.cancel',
    async prepare(engine) {
      const user = await engine.given.user({ points: 5_000 });
      const { id: orderId } = await engine.given.order({ user, points: 500 });
      return (idempotencyKey) => engine.customer(user).orders.cancel({ orderId, idempotencyKey });
    },
    answer: { status: 'CANCELLED' },
  },
  {
    on: 'coupons.claim',
    async prepare(engine) {
      const user = await engine.given.user();
      const { id: couponId } = await engine.given.coupon({ totalQuantity: 2 });
      return (idempotencyKey) => engine.customer(user).coupons.claim({ couponId, idempotencyKey });
    },
    answer: { used: false, usedAt: null, version: 1 },
  },
  {
    on: 'points.charge',
    async prepare(engine) {
      const { id: userId } = await engine.given.user({ points: 100 });
      return (idempotencyKey) => engine.admin.points.charge({ userId, amount: 20, idempotencyKey });
    },
    answer: { amount: 20, balanceAfter: 120 },
  },
  {
    on: 'payments.pay',
    async prepare(engine) {
      const user = await engine.given.user();
      const { id: orderId } = await engine.given.order({ user });
      return (idempotencyKey) => engine.customer(user).payments.pay({ orderId, method: 'test', idempotencyKey });
    },
    answer: { status: 'PAID', orderStatus: 'COMPLETE' },
  },
  {
    on: 'payments.refund',
    async prepare(engine) {
      const user = await engine.given.user({ points: 500 });
      const { id: orderId } = await engine.given.order({ user, points: 500 });
      await engine.customer(user).payments.pay({ orderId, method: 'test' });
      return (idempotencyKey) => engine.admin.payments.refund({ orderId, idempotencyKey });
    },
    answer: { orderStatus: 'REFUNDED' },
  },
];

type Arm = (engine: TestEngine, options: { on: ProcedurePath; times?: number | 'every' }) => Fault;

const PASSING: Readonly<Record<string, Arm>> = {
  'a commit that fails': ({ faults }, options) => faults.commitFails(options),
  'a commit whose answer is lost': ({ faults }, options) => faults.commitAnswerLost(options),
  'a version conflict': ({ faults }, options) => faults.versionConflict(options),
  'an engine that is overloaded twice': ({ faults }, options) => faults.overloaded({ ...options, times: 2 }),
  'a request that is lost': ({ faults }, options) => faults.requestLost(options),
  'an answer that is lost on the wire': ({ faults }, options) => faults.answerLost(options),
};

/** What happened to money, stock and coupons, oldest first. */
async function books(engine: TestEngine) {
  const factsOf = async (column: string, table: string) => {
    const rows = await engine.sql<{ fact: unknown }>(`select ${column} as fact from ${table} order by id`);
    return rows.map(({ fact }) => String(fact));
  };
  return {
    points: await factsOf('balance', 'point_wallets'),
    entries: await factsOf('amount', 'point_entries'),
    stocks: await factsOf('quantity', 'stocks'),
    movements: await factsOf('quantity', 'stock_entries'),
    orders: await factsOf('status', 'orders'),
    issued: await factsOf('issued_quantity', 'coupons'),
    claims: await factsOf('coupon_id', 'user_coupons'),
    payments: await factsOf('status', 'payments'),
    refunds: await factsOf('amount', 'refunds'),
    events: await factsOf('type', 'outbox_events'),
    ledger: engine.provider.ledger.map(({ key }) => engine.provider.held(key)),
  };
}

type Books = Awaited<ReturnType<typeof books>>;

let server: PostgresServer | undefined;
/** A database whose tables are made, to copy; in memory the engine keeps one itself. */
let template: string;

beforeAll(async () => {
  if (inject('engine') === 'sqlite') return;
  server = connectPostgres(inject('postgresUrl'));
  template = await server.createDatabase();
  await (await createTestEngine({ databaseUrl: template })).close();
});

afterAll(() => server?.stop());

async function openEngine(): Promise<TestEngine> {
  const transactions = { retryPauseMsMax: 0 };
  if (!server) return createTestEngine({ transactions });
  return createTestEngine({ transactions, databaseUrl: await server.createDatabase(template) });
}

const undisturbedBooks = new Map<Mutation, Promise<Books>>();

/** The books after the mutation, when nothing goes wrong. */
function undisturbed(mutation: Mutation): Promise<Books> {
  const known = undisturbedBooks.get(mutation) ?? booksAfter(mutation);
  undisturbedBooks.set(mutation, known);
  return known;
}

async function booksAfter({ prepare }: Mutation): Promise<Books> {
  await using engine = await openEngine();
  const call = await prepare(engine);
  await call('the-key');
  return await books(engine);
}

async function expectBooksInOrder(engine: TestEngine): Promise<void> {
  expect((await engine.audit()).differences).toEqual([]);
  expect(engine.internalErrors).toEqual([]);
}

describe.each(MUTATIONS)('$on', (mutation) => {
  test.for(Object.entries(PASSING))('takes effect once and is answered truly, with %s', async ([, arm]) => {
    const expected = await undisturbed(mutation);
    await using engine = await openEngine();
    const call = await mutation.prepare(engine);
    const fault = arm(engine, { on: mutation.on });

    const answer = await call('the-key');

    expect(fault.struck).toBe(true);
    expect(answer).toMatchObject(mutation.answer);
    expect(await books(engine)).toEqual(expected);
    expect(await call('the-key')).toEqual(answer);
    expect(await books(engine)).toEqual(expected);
    await expectBooksInOrder(engine);
  });

  test.for([
    ['commitFails', 'UNAVAILABLE', 20],
    ['versionConflict', 'UNAVAILABLE', 20],
    ['overloaded', 'OVERLOADED', 4],
    ['requestLost', 'OUTCOME_UNKNOWN', 4],
  ] as const)(
    'changes nothing when %s outlasts all retries, says %s, and may be called again',
    async ([name, reason, strikes]) => {
      const expected = await undisturbed(mutation);
      await using engine = await openEngine();
      const call = await mutation.prepare(engine);
      const before = await books(engine);
      const fault = engine.faults[name]({ on: mutation.on, times: 'every' });

      await expect(call('the-key')).rejects.toMatchObject({ reason, retryable: true, idempotencyKey: 'the-key' });

      expect(fault.strikes).toBe(strikes);
      expect(await books(engine)).toEqual(before);
      await expectBooksInOrder(engine);
      fault.end();
      expect(await call('the-key')).toMatchObject(mutation.answer);
      expect(await books(engine)).toEqual(expected);
      await expectBooksInOrder(engine);
    },
  );

  test('takes effect once when no answer ever comes through, and its key tells the truth later', async () => {
    const expected = await undisturbed(mutation);
    await using engine = await openEngine();
    const call = await mutation.prepare(engine);
    const fault = engine.faults.answerLost({ on: mutation.on, times: 'every' });

    await expect(call('the-key')).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN', retryable: true });

    expect(fault.strikes).toBe(4);
    expect(await books(engine)).toEqual(expected);
    fault.end();
    expect(await call('the-key')).toMatchObject(mutation.answer);
    expect(await books(engine)).toEqual(expected);
    await expectBooksInOrder(engine);
  });
});

test('of many commands in one commit whose answer is lost, each counts once and each is answered truly', async () => {
  await using engine = await openEngine();
  const users = await Promise.all(Array.from({ length: 20 }, () => engine.given.user()));
  const fault = engine.faults.commitAnswerLost({ on: 'points.charge' });

  const entries = await Promise.all(
    users.map(({ id: userId }, place) => engine.admin.points.charge({ userId, amount: place + 1 })),
  );

  expect(fault.strikes).toBe(1);
  expect(entries.map(({ balanceAfter }) => balanceAfter)).toEqual(users.map((_, place) => place + 1));
  expect((await books(engine)).entries).toHaveLength(20);
  await expectBooksInOrder(engine);
});

test('a refusal whose commit is lost is the same refusal', async () => {
  await using engine = await openEngine();
  const user = await engine.given.user();
  const { id: couponId } = await engine.given.coupon({ totalQuantity: 1 });
  await engine.customer(await engine.given.user()).coupons.claim({ couponId });
  const fault = engine.faults.commitAnswerLost({ on: 'coupons.claim' });

  const claim = engine.customer(user).coupons.claim({ couponId });

  await expect(claim).rejects.toMatchObject({ reason: 'COUPON_EXHAUSTED' });
  expect(fault.struck).toBe(true);
  await expectBooksInOrder(engine);
});

test('an answer that is held back reaches the caller when it is released', async () => {
  await using engine = await openEngine();
  const { id: userId } = await engine.given.user();
  const fault = engine.faults.slow({ on: 'points.charge' });

  const charged = engine.admin.points.charge({ userId, amount: 20 });
  await fault.reached;
  expect(await engine.admin.points.balance({ userId })).toMatchObject({ balance: 20 });
  fault.release();

  expect(await charged).toMatchObject({ balanceAfter: 20 });
  await expectBooksInOrder(engine);
});

test('a caller who gives up on a slow engine may call again with the key, and it counts once', async () => {
  await using engine = await openEngine();
  const { id: userId } = await engine.given.user();
  const charge = { userId, amount: 20, idempotencyKey: 'the-key' };
  const fault = engine.faults.slow({ on: 'points.charge' });
  const caller = new AbortController();

  const given = engine.admin.points.charge(charge, { signal: caller.signal });
  const refused = expect(given).rejects.toMatchObject({ reason: 'ABORTED' });
  await fault.reached;
  caller.abort();
  await refused;

  expect(await engine.admin.points.charge(charge)).toMatchObject({ balanceAfter: 20 });
  expect((await books(engine)).entries).toEqual(['20']);
});

test('while a commit is slow the next commands gather, and all are answered once it is done', async () => {
  await using engine = await openEngine();
  const users = await Promise.all(Array.from({ length: 6 }, () => engine.given.user()));
  const { id: productId } = await engine.given.product({ stock: 6 });
  const on = 'orders.place';
  const slow = engine.faults.slowCommit({ on });
  // Strikes each of the commits that follow, and so counts them.
  const following = engine.faults.commitAnswerLost({ on, times: 'every' });
  // Straight to the unit of work: in memory a call waits at the door while the slow commit has the only connection.
  const placing: Promise<unknown>[] = [];
  for (const { id: userId } of users) {
    const input = { userId, items: [{ productId, quantity: 1 }] };
    placing.push(engine.internals.unitOfWork.execute(placeOrder, { input, actor: { kind: 'customer', userId } }));
    if (placing.length === 1) await slow.reached;
    // The next one comes in a turn of its own: calls of one turn go together in any case.
    else await nextTurn();
  }

  slow.release();

  expect(await Promise.all(placing)).toHaveLength(6);
  expect((await books(engine)).stocks).toEqual(['0']);
  // On Postgres a second transaction begins meanwhile, with the first that came; the others gather behind it.
  expect(following.strikes).toBe(inject('engine') === 'sqlite' ? 1 : 2);
  await expectBooksInOrder(engine);
});

describe('the provider', () => {
  test('declines, and the order still waits for another payment', async () => {
    await using engine = await openEngine();
    const { shop, orderId } = await waitingOrder(engine);
    const fault = engine.faults.provider.declines();

    expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({
      status: 'FAILED',
      orderStatus: 'WAITING',
    });
    expect(fault.struck).toBe(true);
    expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({ status: 'PAID' });
    await expectBooksInOrder(engine);
  });

  test('times out after it has collected, and its message, which comes twice, completes the order once', async () => {
    await using engine = await openEngine();
    const { shop, orderId } = await waitingOrder(engine);
    const timeout = engine.faults.provider.timesOutAfterSuccess();
    expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({ status: 'PENDING' });
    const repeated = engine.faults.provider.repeatsWebhooks();

    await engine.deliverWebhook(engine.provider.webhook(keyOfOnlyCollection(engine), { at: engine.clock.now() }));

    expect([timeout.struck, repeated.struck]).toEqual([true, true]);
    expect(await books(engine)).toMatchObject({
      orders: ['COMPLETE'],
      payments: ['PAID'],
      ledger: [1_000],
      events: ['order.placed', 'order.completed'],
    });
    expect(await engine.sql('select id from provider_webhooks')).toHaveLength(1);
    await expectBooksInOrder(engine);
  });

  test.for([
    ['timesOutAfterRefunds', 'COMPLETE', [1_000]],
    ['timesOutRefunds', 'COMPLETE', [1_000]],
    ['declinesRefunds', 'FAILED', []],
  ] as const)('%s: the refund ends %s, and the money goes back at most once', async ([name, status, amounts]) => {
    await using engine = await openEngine();
    const { shop, orderId } = await waitingOrder(engine);
    await shop.payments.pay({ orderId, method: 'test' });
    const fault = engine.faults.provider[name]();

    await engine.admin.payments.refund({ orderId });
    for (let round = 0; round < 3; round++) await engine.reconcilePayments();

    expect(fault.strikes).toBe(1);
    expect(await engine.sql('select status from refunds')).toEqual([{ status }]);
    const [collection] = engine.provider.ledger;
    expect(collection?.refunds.map(({ amount }) => amount)).toEqual(amounts);
    expect(engine.internalErrors).toEqual([]);
  });

  test('answers late, and the order is complete once the provider has approved', async () => {
    await using engine = await openEngine();
    const { shop, orderId } = await waitingOrder(engine);
    const pay = () => shop.payments.pay({ orderId, method: 'test', idempotencyKey: 'the-key' });
    const fault = engine.faults.provider.answersLate();
    expect(await pay()).toMatchObject({ status: 'PENDING' });
    expect(fault.struck).toBe(true);

    engine.provider.approve(keyOfOnlyCollection(engine));

    expect(await pay()).toMatchObject({ status: 'PAID' });
    await expectBooksInOrder(engine);
  });

  test('collects too little, and the order is not taken for paid', async () => {
    await using engine = await openEngine();
    const { shop, orderId } = await waitingOrder(engine);
    const fault = engine.faults.provider.collectsTooLittle();

    expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({
      status: 'PENDING',
      orderStatus: 'WAITING',
    });

    expect(fault.struck).toBe(true);
    expect(engine.provider.held(keyOfOnlyCollection(engine))).toBe(999);
  });
});

async function waitingOrder(engine: TestEngine) {
  const user = await engine.given.user();
  const { id: orderId } = await engine.given.order({ user });
  return { shop: engine.customer(user), orderId };
}

function keyOfOnlyCollection({ provider }: TestEngine): string {
  const [collection] = provider.ledger;
  if (!collection) throw new Error('The provider was never asked to collect.');
  return collection.key;
}

test('a fault that never struck fails the test when the engine closes, and the message names it', async () => {
  const engine = await openEngine();
  const { id: userId } = await engine.given.user();
  engine.faults.commitFails({ on: 'orders.place', times: 2 });
  engine.faults.provider.declines();
  const used = engine.faults.requestLost();
  await engine.admin.points.charge({ userId, amount: 1 });

  expect(used.struck).toBe(true);
  expect(engine.faults.unused).toHaveLength(2);
  await expect(engine.close()).rejects.toThrow(
    /commitFails\(\{ on: 'orders.place', times: 2 \}\) struck 0 times\n {2}provider\.declines\(\) struck 0 times$/,
  );
});
