import { createTestEngine } from '@baguni/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startJobs, sweepExpiredOrders } from '../src/index.ts';
import { customerWith, openTestShop, productWith } from './shop-for-test.ts';

const SOON_MS = 1;

async function openEngine() {
  const engine = await createTestEngine();
  onTestFinished(() => engine.close());
  return engine;
}

function unexpected({ error }: { error: unknown }): never {
  throw error;
}

test('an order whose time is over is cancelled by the jobs alone', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  engine.clock.jump({ minutes: 15 });
  const swept = Promise.withResolvers<number>();
  const sweep = async () => {
    const count = await sweepExpiredOrders(engine.internals);
    if (count > 0) swept.resolve(count);
    return count;
  };
  const jobs = startJobs(engine.internals, {
    jobs: [{ name: 'sweep', run: sweep }],
    intervalMs: SOON_MS,
    onError: unexpected,
  });
  expect(await swept.promise).toBe(1);
  await jobs.stop();
  expect(await shop.orders.get({ orderId: order.id })).toMatchObject({ status: 'CANCELLED' });
});

test('a job never runs beside itself, and stopping waits for its round', async () => {
  const engine = await openEngine();
  const rounds: PromiseWithResolvers<number>[] = [];
  const third = Promise.withResolvers<void>();
  let running = 0;
  const run = async () => {
    running++;
    expect(running).toBe(1);
    const round = Promise.withResolvers<number>();
    rounds.push(round);
    if (rounds.length < 3) round.resolve(rounds.length % 2);
    else third.resolve();
    const done = await round.promise;
    running--;
    return done;
  };
  const jobs = startJobs(engine.internals, {
    jobs: [{ name: 'job', run }],
    intervalMs: SOON_MS,
    onError: unexpected,
  });
  await third.promise;
  let isStopped = false;
  const stopped = jobs.stop().then(() => {
    isStopped = true;
  });
  await Promise.resolve();
  expect({ isStopped, running }).toEqual({ isStopped: false, running: 1 });
  rounds[2]?.resolve(1);
  await stopped;
  expect({ running, rounds: rounds.length }).toEqual({ running: 0, rounds: 3 });
});

test('a round that fails is reported, and neither its job nor the others stop for it', async () => {
  const engine = await openEngine();
  const failures: unknown[] = [];
  const recovered = Promise.withResolvers<void>();
  const other = Promise.withResolvers<void>();
  let rounds = 0;
  const run = async () => {
    rounds++;
    if (rounds === 1) throw new Error('The first round fails.');
    recovered.resolve();
    return 0;
  };
  const runOther = async () => {
    other.resolve();
    return 0;
  };
  const jobs = startJobs(engine.internals, {
    jobs: [
      { name: 'fails once', run },
      { name: 'other', run: runOther },
    ],
    intervalMs: SOON_MS,
    onError: (failure) => failures.push(failure),
  });
  await Promise.all([recovered.promise, other.promise]);
  await jobs.stop();
  expect(failures).toEqual([{ job: 'fails once', error: new Error('The first round fails.') }]);
});

test.each([
  ['that gathers its work', 'rests a little after a round that was not full', { roundSize: 5 }, 2],
  ['of any other kind', 'goes on at once until nothing is left', {}, 3],
])('a job %s %s, and then rests longer', async (_kind, _rests, options, roundsAtOnce) => {
  const engine = await openEngine();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const toDo = [5, 4, 0, 0];
  let rounds = 0;
  const run = async () => toDo[rounds++] ?? 0;
  const jobs = startJobs(engine.internals, {
    jobs: [{ name: 'job', run, ...options }],
    intervalMs: 1_000,
    onError: unexpected,
  });
  const roundsAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return rounds;
  };
  // A timer of no time fires after one millisecond.
  expect(await roundsAfter(3)).toBe(roundsAtOnce);
  expect(await roundsAfter(95)).toBe(roundsAtOnce);
  expect(await roundsAfter(5)).toBe(3);
  expect(await roundsAfter(890)).toBe(3);
  expect(await roundsAfter(110)).toBe(4);
  await jobs.stop();
});
