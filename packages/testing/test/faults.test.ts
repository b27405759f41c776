import { expect, test } from 'vitest';
import { createTestEngine, type TestEngine } from '../src/index.ts';

async function engineWithUser() {
  const engine = await createTestEngine({ transactions: { retryPauseMsMax: 0 } });
  const { id: userId } = await engine.given.user();
  const charge = () => engine.admin.points.charge({ userId, amount: 1 });
  return { engine, userId, charge };
}

test('faults strike in the order in which the test names them, and each as often as it says', async () => {
  const { engine, charge } = await engineWithUser();
  await using _ = engine;
  const first = engine.faults.commitFails({ times: 2 });
  const second = engine.faults.commitAnswerLost();
  const third = engine.faults.requestLost();

  expect(await charge()).toMatchObject({ balanceAfter: 1 });

  expect([first.strikes, second.strikes, third.strikes]).toEqual([2, 1, 1]);
  expect(await charge()).toMatchObject({ balanceAfter: 2 });
  expect([first.strikes, second.strikes, third.strikes]).toEqual([2, 1, 1]);
});

test('a fault meets only the procedure that it is meant for', async () => {
  const { engine, userId, charge } = await engineWithUser();
  await using _ = engine;
  const faults = [
    engine.faults.commitFails({ on: 'points.adjust' }),
    engine.faults.versionConflict({ on: 'points.adjust' }),
    engine.faults.answerLost({ on: 'points.adjust' }),
    engine.faults.overloaded({ on: 'points.adjust' }),
  ];

  await charge();
  await engine.admin.points.balance({ userId });
  expect(faults.map(({ strikes }) => strikes)).toEqual([0, 0, 0, 0]);
  await engine.admin.points.adjust({ userId, amount: 5, reason: 'Birthday' });
  expect(faults.map(({ strikes }) => strikes)).toEqual([1, 1, 1, 1]);
});

test('reads, the audit and the bookkeeping of events commit without meeting a fault of commits', async () => {
  const { engine, userId, charge } = await engineWithUser();
  await using _ = engine;
  const fault = engine.faults.commitFails();

  await engine.admin.points.balance({ userId });
  await engine.audit();
  await engine.runDue();

  expect(fault.struck).toBe(false);
  await charge();
  expect(fault.struck).toBe(true);
});

test('a transaction that was taken back leaves no fault to the next one of its connection', async () => {
  const { engine, userId, charge } = await engineWithUser();
  await using _ = engine;
  const conflict = engine.faults.versionConflict({ times: 'every' });
  await expect(charge()).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
  conflict.end();
  const fault = engine.faults.commitFails();

  // In memory there is one connection, on which the record of that call was written and taken back.
  await engine.audit();
  await engine.admin.points.balance({ userId });
  await engine.runDue();

  expect(fault.struck).toBe(false);
  await charge();
  expect(fault.struck).toBe(true);
});

/** Sends a charge as a program without the SDK would, over REST or as a call of tRPC, and gives the status. */
async function sendCharge(
  engine: TestEngine,
  { door, userId, signal }: { door: 'REST' | 'tRPC'; userId: number; signal?: AbortSignal },
): Promise<number> {
  const input = { userId, amount: 1 };
  const [path, body] =
    door === 'REST' ? ['/api/points/charges', input] : ['/trpc/points.charge', { ...input, idempotencyKey: 'the-key' }];
  const answer = await engine.fetch(`http://engine.test${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await engine.tokenOf('admin')}`,
      'content-type': 'application/json',
      ...(door === 'REST' && { 'idempotency-key': 'the-key' }),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return answer.status;
}

test.for(['REST', 'tRPC'] as const)('faults of the wire meet who calls over %s without the SDK', async (door) => {
  const { engine, userId } = await engineWithUser();
  await using _ = engine;
  const balance = async () => (await engine.admin.points.balance({ userId })).balance;
  const on = 'points.charge';

  engine.faults.requestLost({ on });
  await expect(sendCharge(engine, { door, userId })).rejects.toThrow('fetch failed');
  expect(await balance()).toBe(0);

  engine.faults.overloaded({ on });
  expect(await sendCharge(engine, { door, userId })).toBe(503);
  expect(await balance()).toBe(0);

  engine.faults.answerLost({ on });
  await expect(sendCharge(engine, { door, userId })).rejects.toThrow('fetch failed');
  expect(await balance()).toBe(1);

  expect(await sendCharge(engine, { door, userId })).toBe(200);
  expect(await balance()).toBe(1);
});

test.for(['REST', 'tRPC'] as const)('a caller over %s gives up on an answer that is held back', async (door) => {
  const { engine, userId } = await engineWithUser();
  await using _ = engine;
  const fault = engine.faults.slow({ on: 'points.charge' });
  const caller = new AbortController();

  const given = expect(sendCharge(engine, { door, userId, signal: caller.signal })).rejects.toThrow('aborted');
  await fault.reached;
  caller.abort();

  await given;
  expect(await engine.admin.points.balance({ userId })).toMatchObject({ balance: 1 });
});

test('what is fetched and calls no procedure meets no fault', async () => {
  const { engine } = await engineWithUser();
  await using _ = engine;
  const fault = engine.faults.requestLost();

  for (const path of ['/openapi.json', '/api/nothing', '/trpc/', '/api/products/1/nothing']) {
    expect((await engine.fetch(`http://engine.test${path}`)).status, path).toBeLessThan(500);
  }
  expect(fault.struck).toBe(false);
  await expect(engine.fetch('http://engine.test/api/products', { method: 'HEAD' })).rejects.toThrow('fetch failed');
});

test('an engine that went back to a snapshot still meets its faults, and a fork has none', async () => {
  const { engine, userId, charge } = await engineWithUser();
  await using _ = engine;
  const fault = engine.faults.commitAnswerLost();
  await using fork = await engine.fork();
  await engine.restore(await engine.snapshot());

  await fork.admin.points.charge({ userId, amount: 1 });
  expect(fault.struck).toBe(false);
  const ofFork = fork.faults.commitFails();
  await fork.admin.points.charge({ userId, amount: 1 });
  expect(ofFork.struck).toBe(true);
  await charge();
  expect(fault.struck).toBe(true);
});

test('closing lets go on what a fault holds up', async () => {
  const { engine, charge } = await engineWithUser();
  const fault = engine.faults.slowCommit();
  const charged = charge();
  await fault.reached;

  await engine.close();

  expect(await charged).toMatchObject({ balanceAfter: 1 });
});

test('a fault that ends before it has struck is unused all the same', async () => {
  const { engine, charge } = await engineWithUser();
  const every = engine.faults.requestLost({ times: 'every', on: 'points.adjust' });
  engine.faults.versionConflict({ times: 3 });
  await charge();
  every.end();

  await expect(engine.close()).rejects.toThrow("requestLost({ on: 'points.adjust', times: 'every' }) struck 0 times");
  expect(engine.faults.unused).toEqual([every]);
});

test('a fault strikes a whole number of times', async () => {
  await using engine = await createTestEngine();
  for (const times of [0, -1, 1.5, Number.NaN]) {
    expect(() => engine.faults.commitFails({ times })).toThrow('a whole number of times');
  }
});

test('a provider that is shared meets the faults of an engine only while that is open', async () => {
  const { engine } = await engineWithUser();
  await using other = await createTestEngine({ provider: engine.provider });
  const fault = engine.faults.provider.declines({ times: 'every' });
  const pay = async () => {
    const user = await other.given.user();
    const { id: orderId } = await other.given.order({ user });
    return other.customer(user).payments.pay({ orderId, method: 'test' });
  };

  expect(await pay()).toMatchObject({ status: 'FAILED' });
  expect(fault.struck).toBe(true);
  await engine.close();
  expect(await pay()).toMatchObject({ status: 'PAID' });
});
