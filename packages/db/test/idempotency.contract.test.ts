import { expect, test } from 'vitest';
import { type Actor, command, IdempotencyRecord, PointEntry } from '../src/index.ts';
import { addUser, adjustStock, chargeWallet } from './commands.ts';
import { joinShop, openShop } from './shop.ts';

test('the same key five times at once takes effect once and answers alike, and ever after', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const charge = () => shop.run(chargeWallet, { userId, points: 100 }, { key: 'charge-1' });

  const atOnce = await Promise.all(Array.from({ length: 5 }, charge));
  const [first] = atOnce;
  expect(first).toMatchObject({ balance: 100 });
  expect(atOnce).toEqual(Array.from({ length: 5 }, () => first));

  await shop.run(chargeWallet, { userId, points: 1 });
  expect(await charge()).toEqual(first);
  expect(await shop.database.fork().count(PointEntry, { userId })).toBe(2);
});

test('a key that is on record is answered from it among commands that are new', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const first = await shop.run(chargeWallet, { userId, points: 100 }, { key: 'charge-1' });

  const [before, again, after] = await Promise.all([
    shop.run(chargeWallet, { userId, points: 1 }, { key: 'charge-2' }),
    shop.run(chargeWallet, { userId, points: 100 }, { key: 'charge-1' }),
    shop.run(chargeWallet, { userId, points: 2 }, { key: 'charge-3' }),
  ]);

  expect([before.balance, again, after.balance]).toEqual([101, first, 103]);
});

test('a Date in an answer is still a Date, and the same one, when the answer is given again', async () => {
  const shop = await openShop({ clock: () => new Date('2026-03-01T12:00:00.123Z') });
  const userId = await shop.givenUser();

  await shop.run(chargeWallet, { userId, points: 1 }, { key: 'charge-1' });
  const again = await shop.run(chargeWallet, { userId, points: 1 }, { key: 'charge-1' });

  expect(again.chargedAt).toEqual(new Date('2026-03-01T12:00:00.123Z'));
  expect(again.chargedAt).toBeInstanceOf(Date);
});

test('a refusal is given again under its key, even when the reason is gone', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);
  const take = () => shop.run(adjustStock, { productId, delta: -2 }, { key: 'take-1' });
  const refusal = {
    name: 'DomainError',
    reason: 'STOCK_INSUFFICIENT',
    message: `Product ${productId} has 1 left, 2 asked for.`,
    details: { productId, requested: 2, available: 1 },
  };

  await expect(take()).rejects.toMatchObject(refusal);
  await shop.run(adjustStock, { productId, delta: 9 });

  await expect(take()).rejects.toMatchObject(refusal);
  expect(await shop.stockBooks()).toMatchObject([{ stock: 10, entries: 10 }]);
});

test('another input under a used key is refused, at once and ever after, and changes nothing', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const charge = (points: number) => shop.run(chargeWallet, { userId, points }, { key: 'charge-1' });

  const [first, second] = await Promise.allSettled([charge(100), charge(200)]);
  expect(first).toMatchObject({ value: { balance: 100 } });
  expect(second).toMatchObject({
    reason: { reason: 'IDEMPOTENCY_KEY_REUSED', details: { idempotencyKey: 'charge-1' } },
  });

  await expect(charge(300)).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
  await expect(shop.run(addUser, {}, { key: 'charge-1' })).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
  expect((await charge(100)).balance).toBe(100);
});

test('the same input with its fields in another order is the same request', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();

  const first = await shop.run(chargeWallet, { userId, points: 100 }, { key: 'charge-1' });

  expect(await shop.run(chargeWallet, { points: 100, userId }, { key: 'charge-1' })).toEqual(first);
});

test('the keys of one caller are not seen by another', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const actors: Actor[] = [
    { kind: 'system' },
    { kind: 'public' },
    { kind: 'customer', userId: 1 },
    { kind: 'customer', userId: 11 },
    { kind: 'admin', apiKeyId: 1 },
  ];

  const atOnce = await Promise.all(
    actors.map((actor) => shop.run(chargeWallet, { userId, points: 10 }, { key: 'mine', actor })),
  );

  expect(atOnce.map(({ balance }) => balance)).toEqual([10, 20, 30, 40, 50]);
});

test('a caller and a key that read alike when joined are not mixed up', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();

  const answers = await Promise.all([
    shop.run(chargeWallet, { userId, points: 10 }, { key: '1\n2', actor: { kind: 'customer', userId: 1 } }),
    shop.run(chargeWallet, { userId, points: 10 }, { key: '2', actor: { kind: 'customer', userId: 1 } }),
    shop.run(chargeWallet, { userId, points: 10 }, { key: '2\n', actor: { kind: 'customer', userId: 1 } }),
  ]);

  expect(answers.map(({ balance }) => balance)).toEqual([10, 20, 30]);
});

test('an answer is kept as it was decided, whatever later commands of the transaction do', async () => {
  const shop = await openShop();
  const userId = await shop.givenUser();
  const charge = (points: number) => shop.run(chargeWallet, { userId, points }, { key: `charge-${points}` });

  const first = await Promise.all([charge(1), charge(2), charge(3)]);

  expect(await Promise.all([charge(1), charge(2), charge(3)])).toEqual(first);
  expect(first.map(({ balance }) => balance)).toEqual([1, 3, 6]);
});

test('a refusal without a key leaves no record, an answer leaves one', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(1);
  const records = await shop.database.fork().count(IdempotencyRecord);

  await expect(shop.run(adjustStock, { productId, delta: -2 })).rejects.toMatchObject({ reason: 'STOCK_INSUFFICIENT' });
  expect(await shop.database.fork().count(IdempotencyRecord)).toBe(records);
  await shop.run(adjustStock, { productId, delta: -1 });
  expect(await shop.database.fork().count(IdempotencyRecord)).toBe(records + 1);
});

test('an input that no text can tell apart is refused as a rejected promise', async () => {
  const shop = await joinShop('sqlite::memory:');
  const takeAnything = command({
    name: 'test.takeAnything',
    load: () => ({}),
    decide: (_rows, _input: bigint) => ({}),
  });
  let thrown: unknown;
  let answer: Promise<unknown> = Promise.resolve();
  try {
    answer = shop.run(takeAnything, 1n);
  } catch (error) {
    thrown = error;
  }

  await expect(answer).rejects.toThrow('BigInt');
  expect(thrown).toBeUndefined();
});
