import type { TestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal } from './shop-for-test.ts';

async function take<Item>(stream: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of stream) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

async function placeOrders({ customer, productId, count }: PlaceOrders): Promise<number[]> {
  const ids: number[] = [];
  for (let placed = 0; placed < count; placed++) {
    ids.push((await customer.orders.place({ items: [{ productId, quantity: 1 }] })).id);
  }
  return ids;
}

interface PlaceOrders {
  readonly customer: TestEngine['anonymous'];
  readonly productId: number;
  readonly count: number;
}

test('a customer sees what happens to their own orders, and nothing of others', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const { shop: other } = await customerWith(engine);
  const { id: productId } = await productWith(engine, { stock: 100 });

  const seen = take(shop.orders.stream({ after: 0 }), 3);
  await placeOrders({ customer: other, productId, count: 2 });
  const own = await placeOrders({ customer: shop, productId, count: 3 });

  expect((await seen).map(({ type, aggregateId }) => ({ type, aggregateId }))).toEqual(
    own.map((aggregateId) => ({ type: 'order.placed', aggregateId })),
  );
  const [, second = 0] = own;
  const [event] = await take(shop.orders.stream({ orderId: second, after: 0 }), 1);
  expect(event).toMatchObject({ aggregateId: second, data: { orderId: second } });
  expect(event?.occurredAt).toBeInstanceOf(Date);
  expect(await refusal(take(other.orders.stream({ orderId: second }), 1))).toMatchObject({
    reason: 'ORDER_NOT_FOUND',
    details: { orderId: second },
  });
});

test('a stream whose connection breaks again and again goes on where it broke off and loses nothing', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine);
  let connections = 0;
  const { fetch: whole } = engine;
  // Every connection breaks after some bytes, wherever in a message that is.
  Object.defineProperty(engine, 'fetch', {
    value: async (resource: string, init: RequestInit) => {
      const answer = await whole(resource, init);
      if (!answer.headers.get('content-type')?.includes('event-stream') || !answer.body) return answer;
      connections++;
      let left = 700;
      const cut = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (left > 0) controller.enqueue(chunk.subarray(0, left));
          left -= chunk.length;
          if (left <= 0) controller.error(new Error('The connection broke.'));
        },
      });
      return new Response(answer.body.pipeThrough(cut), answer);
    },
  });
  const admin = engine.connect(await engine.tokenOf('admin'));
  const seen = take(admin.events.stream({ after: 0, types: ['points.charged'] }), 12);
  for (let amount = 1; amount <= 12; amount++) await engine.admin.points.charge({ userId: user.id, amount });

  const amounts = (await seen).map(({ type, data }) => (type === 'points.charged' ? data.amount : type));
  expect(amounts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(connections).toBeGreaterThan(3);
});

test('a stream begins with what happens from now on, and ends when it is given up', async () => {
  const engine = await openTestShop();
  const { user } = await customerWith(engine, { points: 1 });
  const gaveUp = new AbortController();
  const seen: unknown[] = [];
  const isOpen = Promise.withResolvers<void>();
  const following = (async () => {
    for await (const event of engine.admin.events.stream({}, { signal: gaveUp.signal })) {
      seen.push(event.type === 'points.charged' && event.data.amount);
      if (seen.length === 1) isOpen.resolve();
    }
  })();
  // Whichever charge comes first after the stream has opened; those before it are not told.
  let amount = 100;
  while (seen.length === 0) {
    await engine.admin.points.charge({ userId: user.id, amount: amount++ });
    await Promise.race([isOpen.promise, new Promise((resolve) => setImmediate(resolve))]);
  }
  gaveUp.abort();
  await following;
  expect(seen).not.toContain(1);
});

test('a stream is refused to whoever may not follow it, with the reason', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  expect(await refusal(take(shop.events.stream(), 1))).toMatchObject({ reason: 'FORBIDDEN' });
  expect(await refusal(take(engine.anonymous.orders.stream(), 1))).toMatchObject({ reason: 'UNAUTHENTICATED' });
  expect(await refusal(take(engine.connect('bgn_wrong').orders.stream(), 1))).toMatchObject({
    reason: 'UNAUTHENTICATED',
    message: 'The API key is not valid.',
  });
  expect(await refusal(take(engine.admin.events.stream({ after: -1 }), 1))).toMatchObject({
    reason: 'INPUT_INVALID',
  });
});
