import { describe, expect, test } from 'vitest';
import { command, DomainError, Product, Stock, User } from '../src/index.ts';
import { addUser, adjustStock, breakCheck, breakInDecide, breakInLoad, chargeWallet, present } from './commands.ts';
import { openShop, type Shop } from './shop.ts';

describe('a refusal', () => {
  test('without a key changes no row at all', async () => {
    const shop = await openShop();
    const productId = await shop.givenProduct(3);
    const before = await shop.everyRow();

    await expect(shop.run(adjustStock, { productId, delta: -4 })).rejects.toMatchObject({
      reason: 'STOCK_INSUFFICIENT',
      details: { productId, requested: 4, available: 3 },
    });

    expect(await shop.everyRow()).toEqual(before);
  });

  test('touches no neighbour in its transaction', async () => {
    const shop = await openShop();
    const productId = await shop.givenProduct(3);

    const outcomes = await Promise.allSettled(
      [-2, -2, -1, -1].map((delta) => shop.run(adjustStock, { productId, delta })),
    );

    expect(outcomes).toMatchObject([
      { value: { quantity: 1 } },
      { reason: { reason: 'STOCK_INSUFFICIENT' } },
      { value: { quantity: 0 } },
      { reason: { reason: 'STOCK_INSUFFICIENT' } },
    ]);
    expect(await shop.stockBooks()).toMatchObject([{ stock: 0, copy: 0, entries: 0, version: 3, entryCount: 3 }]);
  });

  test('that changed something first is caught where refusals are verified, and nothing of it stays', async () => {
    const shop = await openShop();
    const productId = await shop.givenProduct(3);
    const before = await shop.everyRow();

    const outcomes = await Promise.allSettled([
      shop.run(refuseAfterChange, { productId }),
      shop.run(refuseAfterAdding, { productId }),
      shop.run(refuseAfterRemoving, { productId }),
    ]);

    expect(outcomes).toMatchObject([
      { reason: { message: expect.stringMatching(/refused with PRODUCT_NOT_FOUND after it had changed Stock/) } },
      { reason: { message: expect.stringMatching(/refused with PRODUCT_NOT_FOUND after it had added a User/) } },
      { reason: { message: expect.stringMatching(/refused with PRODUCT_NOT_FOUND after it had removed a Stock/) } },
    ]);
    expect(await shop.everyRow()).toEqual(before);
  });
});

describe('a command that goes wrong fails alone, and its neighbours’ answers and rows are as if it had not been there', () => {
  test.for([
    { when: 'in load', breaks: (shop: Shop, productId: number) => shop.run(breakInLoad, { productId }) },
    { when: 'in decide', breaks: (shop: Shop, productId: number) => shop.run(breakInDecide, { productId }) },
    { when: 'at a CHECK', breaks: (shop: Shop, productId: number) => shop.run(breakCheck, { productId }) },
    {
      when: 'at a unique constraint',
      breaks: (shop: Shop) => shop.run(addUser, { externalId: 'taken' }),
    },
    {
      when: 'at the guard of unlocked rows',
      breaks: (shop: Shop, productId: number) => shop.run(changeWithoutLock, { productId }),
    },
  ])('$when', async ({ breaks }) => {
    const shop = await openShop();
    const userId = await shop.givenUser();
    const [productId = 0, other = 0] = await shop.givenProducts(2, 10);
    await shop.run(addUser, { externalId: 'taken' });

    const [left, guilty, refused, right, wallet] = await Promise.allSettled([
      shop.run(adjustStock, { productId, delta: -1 }),
      breaks(shop, other),
      shop.run(adjustStock, { productId, delta: -100 }),
      shop.run(adjustStock, { productId, delta: -2 }),
      shop.run(chargeWallet, { userId, points: 7 }),
    ]);

    expect(left).toMatchObject({ value: { quantity: 9, version: 2 } });
    expect(guilty).toMatchObject({ status: 'rejected', reason: expect.not.objectContaining({ name: 'DomainError' }) });
    expect(refused).toMatchObject({ reason: { reason: 'STOCK_INSUFFICIENT', details: { available: 9 } } });
    expect(right).toMatchObject({ value: { quantity: 7, version: 3 } });
    expect(wallet).toMatchObject({ value: { balance: 7 } });
    expect(await shop.stockBooks()).toMatchObject([
      { productId, stock: 7, copy: 7, entries: 7, version: 3, entryCount: 3 },
      { productId: other, stock: 10, copy: 10, entries: 10, version: 1, entryCount: 1 },
    ]);
    expect(await shop.database.fork().count(User, { externalId: 'taken' })).toBe(1);
  });

  test('even when every second of sixty-four goes wrong', async () => {
    const shop = await openShop();
    const productId = await shop.givenProduct(100);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 64 }, (_, index) =>
        index % 2 === 0 ? shop.run(adjustStock, { productId, delta: -1 }) : shop.run(breakInDecide, { productId }),
      ),
    );

    const quantities = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' && 'quantity' in outcome.value ? [outcome.value.quantity] : [],
    );
    expect(quantities).toEqual(Array.from({ length: 32 }, (_, index) => 99 - index));
    expect(await shop.stockBooks()).toMatchObject([{ stock: 68, copy: 68, entries: 68, entryCount: 33 }]);
  });

  test('even when its text reads like a lost connection', async () => {
    const shop = await openShop();
    const [productId = 0, other = 0] = await shop.givenProducts(2, 10);

    const [neighbour, guilty] = await Promise.allSettled([
      shop.run(adjustStock, { productId, delta: -1 }),
      shop.run(breakCheck, { productId: other, name: 'Connection terminated unexpectedly' }),
    ]);

    expect(neighbour).toMatchObject({ value: { quantity: 9 } });
    expect(guilty).toMatchObject({ reason: expect.not.objectContaining({ name: 'DomainError' }) });
  });
});

test('a crash is not replayed: the same key runs again', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);
  let isBroken = true;
  const breakOnce = command({
    name: 'test.breakOnce',
    load: (rows, input: { productId: number }) => ({ product: rows.find(Product, { id: input.productId }) }),
    decide: ({ product }) => {
      if (isBroken) throw new Error('Broken this time.');
      return { name: present(product).name };
    },
  });

  await expect(shop.run(breakOnce, { productId }, { key: 'again' })).rejects.toThrow('Broken this time.');
  isBroken = false;

  expect(await shop.run(breakOnce, { productId }, { key: 'again' })).toEqual({ name: 'Tea' });
});

test('an error that has nothing to do with the commands’ neighbours keeps its own message', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);

  const [inLoad, inDecide] = await Promise.allSettled([
    shop.run(breakInLoad, { productId }),
    shop.run(breakInDecide, { productId }),
  ]);

  expect(inLoad).toMatchObject({ reason: { name: 'TypeError', message: 'Broken in load.' } });
  expect(inDecide).toMatchObject({ reason: { name: 'TypeError', message: 'Broken in decide.' } });
});

test('a row changed without a lock is refused', async () => {
  const shop = await openShop();
  const productId = await shop.givenProduct(10);

  await expect(shop.run(changeWithoutLock, { productId })).rejects.toThrow('A Product row was changed without a lock.');
});

const refusal = (productId: number) => new DomainError('PRODUCT_NOT_FOUND', 'Refused late.', { productId });

const changeWithoutLock = command({
  name: 'test.changeWithoutLock',
  load: (rows, { productId }: { productId: number }) => ({ product: rows.find(Product, { id: productId }) }),
  decide: ({ product }, _input, { now }) => {
    present(product).change({ price: 5 }, now);
    return {};
  },
});

const refuseAfterChange = command({
  name: 'test.refuseAfterChange',
  load: (rows, { productId }: { productId: number }) => ({ stock: rows.lock(Stock, { productId }) }),
  decide: ({ stock }, { productId }): never => {
    present(stock).quantity += 1;
    throw refusal(productId);
  },
});

const refuseAfterAdding = command({
  name: 'test.refuseAfterAdding',
  load: () => ({}),
  decide: (_rows, { productId }: { productId: number }, changes): never => {
    changes.add(User, { name: 'Nobody', externalId: null });
    throw refusal(productId);
  },
});

const refuseAfterRemoving = command({
  name: 'test.refuseAfterRemoving',
  load: (rows, { productId }: { productId: number }) => ({ stock: rows.lock(Stock, { productId }) }),
  decide: ({ stock }, { productId }, changes): never => {
    changes.remove(present(stock));
    throw refusal(productId);
  },
});
