import { expect, test } from 'vitest';
import { matchBaguniError } from '../src/index.ts';
import { proxyAnswer, startServer } from './shop.ts';

test('an error finds the handler of its reason', async () => {
  const server = await startServer();
  const product = await server.admin.products.create({ name: 'Pot', price: 1, quantity: 2 });
  const { shop } = await server.customer();
  const placed = shop.orders.place({ items: [{ productId: product.id, quantity: 3 }] });
  const answer = await placed.catch((error: unknown) =>
    matchBaguniError(error, {
      STOCK_INSUFFICIENT: ({ details }) => `Only ${details.available} left.`,
      POINTS_INSUFFICIENT: () => 'Not enough points.',
    }),
  );
  expect(answer).toBe('Only 2 left.');
});

test('an error that nobody handles is thrown on, whatever it is', async () => {
  const server = await startServer();
  const error = await server
    .client()
    .users.me()
    .catch((error: unknown) => error);
  expect(() => matchBaguniError(error, { FORBIDDEN: () => 'not allowed' })).toThrow(
    expect.toSatisfy((e) => e === error),
  );
  const other = new Error('another');
  expect(() => matchBaguniError(other, {})).toThrow(other);
});

test('an answer that nobody can read has a request id all the same', async () => {
  const server = await startServer();
  server.meets(proxyAnswer(404, { headers: { 'x-request-id': 'request-of-the-proxy' } }));
  await expect(server.client().products.list()).rejects.toMatchObject({
    reason: 'ANSWER_UNREADABLE',
    requestId: 'request-of-the-proxy',
  });
});
