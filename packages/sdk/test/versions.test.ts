import { expect, test } from 'vitest';
import { isOutcomeUnknown } from '../src/index.ts';
import { lostAnswer, startServer } from './shop.ts';

const pot = { name: 'Pot', price: 1_000 };

/** A shop with one product, whose price somebody else raises before each of the first changes. */
async function contested(conflicts: number) {
  const server = await startServer();
  const { admin } = server;
  const { id: productId } = await admin.products.create(pot);
  const keys: (string | undefined)[] = [];
  let reads = 0;
  const read = async () => {
    const product = await admin.products.get({ productId });
    if (reads++ < conflicts) await admin.products.update({ productId, price: product.price + 1 });
    return product;
  };
  const raise = async ({ version, price }: { version: number; price: number }) => {
    const input = { productId, price: price + 100, expectedVersion: version };
    const { data, idempotencyKey } = await admin.products
      .update(input)
      .withResponse()
      .catch((error) => {
        keys.push(error.idempotencyKey);
        throw error;
      });
    keys.push(idempotencyKey);
    return data;
  };
  return { server, admin, productId, read, raise, keys, reads: () => reads };
}

test('a change that comes too late is run again on what was read again, as a new call', async () => {
  const { admin, read, raise, keys } = await contested(2);
  expect(await admin.withVersion(read, raise)).toMatchObject({ price: 1_102 });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(3);
});

test.each([
  [undefined, 5],
  [2, 2],
  [1, 1],
])('a change that always comes too late is given up (tries: %s)', async (tries, changes) => {
  const { admin, read, raise, keys } = await contested(100);
  await expect(admin.withVersion(read, raise, { tries })).rejects.toMatchObject({
    reason: 'VERSION_CONFLICT',
    details: { expectedVersion: expect.any(Number), currentVersion: expect.any(Number) },
  });
  expect(keys).toHaveLength(changes);
});

test('between two tries there is a pause, longer each time', async () => {
  const { server, admin, read, raise } = await contested(3);
  await admin.withVersion(read, raise);
  expect(server.timing.waits).toEqual([100, 200, 400]);
});

test('a change whose outcome is unknown is not run again', async () => {
  const { server, read, raise, keys, productId } = await contested(0);
  const careless = server.client({ token: server.adminKey, retries: 0 });
  const change = async (current: { version: number; price: number }) => {
    server.meets(lostAnswer);
    return careless.products.update({ productId, price: current.price + 100, expectedVersion: current.version });
  };
  const error = await careless.withVersion(read, change).catch((error: unknown) => error);
  if (!isOutcomeUnknown(error, 'products.update')) throw error;
  expect(server.requests).toHaveLength(1);
  expect(await error.resolve()).toMatchObject({ price: 1_100 });
  expect(keys).toEqual([]);
  expect(await raise(await read())).toMatchObject({ price: 1_200 });
});

test('any other refusal ends it', async () => {
  const { admin, productId, reads, read } = await contested(0);
  const change = () => admin.products.update({ productId: productId + 1, price: 1 });
  await expect(admin.withVersion(read, change)).rejects.toMatchObject({ reason: 'PRODUCT_NOT_FOUND' });
  expect(reads()).toBe(1);
});

test('an abort ends it between two tries', async () => {
  const { server, admin, read, raise, reads } = await contested(100);
  server.timing.isStanding = true;
  const controller = new AbortController();
  const changing = admin.withVersion(read, raise, { signal: controller.signal }).catch((error: unknown) => error);
  await expect.poll(() => server.timing.waits.length).toBe(1);
  controller.abort();
  expect(await changing).toMatchObject({ reason: 'ABORTED' });
  expect(reads()).toBe(1);
});
