import { afterEach, expect, test, vi } from 'vitest';
import { adjustStock } from './commands.ts';
import { holdOpen, nextTurn, openShop, type Shop } from './shop.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Keeps the next transaction from its rows: on Postgres by a row lock, on SQLite because there is one connection. */
async function holdUp({ database }: Shop): Promise<() => Promise<void>> {
  return holdOpen(database, `select id from stocks ${database.engine.name === 'postgres' ? 'for update' : ''}`);
}

test('a full queue refuses at once, and what it refused changes nothing', async () => {
  const shop = await openShop({ queueSizeMax: 2 });
  const productId = await shop.givenProduct(0);
  const add = (delta: number) => shop.run(adjustStock, { productId, delta });
  const release = await holdUp(shop);

  const underWay = add(1);
  await nextTurn();
  const waiting = [add(10), add(100)];
  const refused = shop.run(adjustStock, { productId, delta: 1_000 }, { key: 'thousand' });

  // The answer comes while nothing else can move.
  await expect(refused).rejects.toMatchObject({ reason: 'OVERLOADED', details: { retryAfterMs: expect.any(Number) } });
  await release();
  await Promise.all([underWay, ...waiting]);
  expect(await shop.stockBooks()).toMatchObject([{ stock: 111, entries: 111 }]);

  // Being turned away is no answer to keep: the same key may come again.
  expect(await shop.run(adjustStock, { productId, delta: 1_000 }, { key: 'thousand' })).toMatchObject({
    quantity: 1_111,
  });
});

test('a command that waits past its deadline is refused, and those that wait within it are not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const shop = await openShop({ waitMaxMs: 5_000 });
  const productId = await shop.givenProduct(0);
  const add = (delta: number) => shop.run(adjustStock, { productId, delta });
  const release = await holdUp(shop);

  const underWay = add(1);
  await nextTurn();
  const early = add(10);
  vi.advanceTimersByTime(3_000);
  const late = add(100);
  vi.advanceTimersByTime(2_000);

  await expect(early).rejects.toMatchObject({ reason: 'OVERLOADED' });
  vi.useRealTimers();
  await release();
  expect((await underWay).quantity).toBe(1);
  expect((await late).quantity).toBe(101);
});

test('a command that is under way is not refused, however long it takes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const shop = await openShop({ waitMaxMs: 5_000 });
  const productId = await shop.givenProduct(0);
  const release = await holdUp(shop);

  const underWay = shop.run(adjustStock, { productId, delta: 1 });
  await nextTurn();
  // Short of the database's own deadlines, past ours.
  vi.advanceTimersByTime(4_999);
  await nextTurn();
  vi.advanceTimersByTime(2);
  vi.useRealTimers();
  await release();

  expect((await underWay).quantity).toBe(1);
});

test('draining settles once everything that was waiting is done', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(0);
  const settled: number[] = [];
  const answers = Array.from({ length: 100 }, (_, index) =>
    shop.run(adjustStock, { productId, delta: 1 }).then(() => settled.push(index)),
  );

  await shop.unitOfWork.drain();
  await nextTurn();

  expect(settled).toHaveLength(100);
  await Promise.all(answers);
});
