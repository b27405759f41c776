import { OutboxEvent } from '@baguni/db';
import type { TestEngine } from '@baguni/testing';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { relayEvents, sequenceEvents } from '../src/index.ts';
import { receiverWith } from './receiver.ts';
import { customerWith, openTestShop, productWith, refusal } from './shop-for-test.ts';

async function publish({ internals }: TestEngine): Promise<void> {
  while ((await sequenceEvents(internals)) > 0);
}

/** Runs rounds until nothing is due at this moment. */
async function relay({ internals }: TestEngine, random = 0): Promise<void> {
  while ((await relayEvents(internals, { random: () => random })) > 0);
}

test('an event arrives signed, under one id, with the payload of its schema', async () => {
  const engine = await openTestShop();
  engine.clock.jump(new Date());
  const receiver = await receiverWith();
  const { secret, ...endpoint } = await engine.admin.events.createEndpoint({
    url: receiver.url,
    eventTypes: ['order.placed'],
  });
  expect((await engine.admin.events.listEndpoints()).items).toEqual([endpoint]);
  const { user, shop } = await customerWith(engine, { points: 1_000 });
  const tea = await productWith(engine);
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }], points: 400 });

  await publish(engine);
  await relay(engine);

  expect(receiver.requests).toHaveLength(1);
  const [{ body = '', headers = {} } = {}] = receiver.requests;
  expect(new Webhook(secret).verify(body, headers)).toEqual({
    id: expect.stringMatching(/^evt_\d+$/),
    type: 'order.placed',
    schemaVersion: 1,
    occurredAt: order.createdAt.toISOString(),
    data: {
      orderId: order.id,
      userId: user.id,
      totalAmount: 1_000,
      discountAmount: 0,
      usedPoint: 400,
      payableAmount: 600,
    },
  });
  expect(headers['webhook-id']).toBe(JSON.parse(body).id);
  expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  expect((await engine.admin.events.deliveries()).items).toMatchObject([{ status: 'DELIVERED', attempts: 1 }]);
});

test('a round that has place for one event publishes the earlier ones of its aggregate first', async () => {
  const engine = await openTestShop();
  const { shop } = await customerWith(engine);
  const tea = await productWith(engine);
  await publish(engine);
  const order = await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  // As when a clock is set back between two changes: by time, the later one comes first.
  engine.clock.jump({ minutes: -1 });
  await shop.orders.cancel({ orderId: order.id });

  expect(await sequenceEvents(engine.internals, { roundSize: 1 })).toBe(2);

  const events = await engine.internals
    .read()
    .find(OutboxEvent, { aggregateType: 'order', aggregateId: order.id }, { orderBy: { position: 'asc' } });
  expect(events.map(({ type }) => type)).toEqual(['order.placed', 'order.cancelled']);
});

test('a receiver that fails half the time gets every event, of one aggregate in order', async () => {
  const engine = await openTestShop();
  let requests = 0;
  const receiver = await receiverWith(() => (requests++ % 2 === 0 ? 500 : 200));
  await engine.admin.events.createEndpoint({ url: receiver.url, eventTypes: ['points.charged', 'coupon.issued'] });
  const { user } = await customerWith(engine);
  const { user: other } = await customerWith(engine);
  for (let amount = 1; amount <= 10; amount++) {
    await engine.admin.points.charge({ userId: user.id, amount });
    await engine.admin.points.charge({ userId: other.id, amount });
  }
  await publish(engine);

  for (let round = 0; round < 30; round++) {
    await relay(engine, 0.5);
    engine.clock.jump({ hours: 6 });
  }

  for (const { id } of [user, other]) {
    const amounts = receiver.taken.filter(({ data }) => data.userId === id).map(({ data }) => data.amount);
    expect(amounts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
  expect(new Set(receiver.taken.map(({ id }) => id)).size).toBe(20);
});

test('an event that is never taken is dead after sixteen attempts, and a replay sends it under the same id', async () => {
  const engine = await openTestShop();
  let isDown = true;
  const receiver = await receiverWith(() => (isDown ? 302 : 200));
  const endpoint = await engine.admin.events.createEndpoint({ url: receiver.url, eventTypes: ['points.charged'] });
  const { user } = await customerWith(engine, { points: 5 });
  await publish(engine);

  for (let attempt = 1; attempt <= 16; attempt++) {
    await relay(engine, 0.999);
    expect(receiver.requests).toHaveLength(attempt);
    engine.clock.jump({ hours: 6 });
  }
  await relay(engine);
  expect(receiver.requests).toHaveLength(16);
  const [dead] = (await engine.admin.events.deliveries({ status: 'DEAD', endpointId: endpoint.id })).items;
  expect(dead).toMatchObject({ attempts: 16, lastError: 'HTTP 302', deliveredAt: null });

  // Those after it are not held up for ever.
  isDown = false;
  await engine.admin.points.charge({ userId: user.id, amount: 7 });
  await publish(engine);
  await relay(engine);
  expect(receiver.taken.map(({ data }) => data.amount)).toEqual([7]);

  const eventIds = [dead?.eventId ?? 0];
  expect(await engine.admin.events.replay({ endpointId: endpoint.id, eventIds })).toEqual({ replayed: 1 });
  expect(await engine.admin.events.replay({ endpointId: endpoint.id, eventIds })).toEqual({ replayed: 0 });
  await relay(engine);
  expect(receiver.taken.map(({ data }) => data.amount)).toEqual([7, 5]);
  expect(new Set(receiver.requests.map(({ message }) => message.id)).size).toBe(2);
});

test('a disabled endpoint gets nothing, and what happened meanwhile can be replayed', async () => {
  const engine = await openTestShop();
  const receiver = await receiverWith();
  const { id: endpointId } = await engine.admin.events.createEndpoint({ url: receiver.url });
  const { user } = await customerWith(engine, { points: 1 });
  await publish(engine);
  expect((await engine.admin.events.disableEndpoint({ endpointId })).disabledAt).toBeInstanceOf(Date);
  await engine.admin.points.charge({ userId: user.id, amount: 2 });
  await publish(engine);
  await relay(engine);
  expect(receiver.requests).toEqual([]);

  expect(await engine.admin.events.enableEndpoint({ endpointId })).toMatchObject({ disabledAt: null });
  await relay(engine);
  expect(receiver.taken.map(({ data }) => data.amount)).toEqual([1]);

  const [missed] = (await engine.admin.events.list({ type: 'points.charged' })).items;
  await engine.admin.events.replay({ endpointId, eventIds: [missed?.id ?? 0] });
  await relay(engine);
  expect(receiver.taken.map(({ data }) => data.amount)).toEqual([1, 2]);

  expect(await refusal(engine.admin.events.enableEndpoint({ endpointId: 99 }))).toMatchObject({
    reason: 'ENDPOINT_NOT_FOUND',
  });
  expect(await refusal(engine.admin.events.replay({ endpointId, eventIds: [999] }))).toMatchObject({
    reason: 'EVENT_NOT_FOUND',
  });
});

test('each change is told: a coupon issued and exhausted, a stock low and out, points charged', async () => {
  const engine = await openTestShop();
  const { user, shop } = await customerWith(engine, { points: 10 });
  const coupon = await engine.admin.coupons.create({
    name: 'Last',
    discountType: 'FIXED',
    discountValue: 1,
    totalQuantity: 1,
  });
  const held = await shop.coupons.claim({ couponId: coupon.id });
  const tea = await productWith(engine, { stock: 8 });
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 2 }] });
  await shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] });
  await engine.admin.products.adjustStock({ productId: tea.id, delta: -5 });
  await refusal(shop.orders.place({ items: [{ productId: tea.id, quantity: 1 }] }));
  await publish(engine);

  const { items } = await engine.admin.events.list({ limit: 100 });
  const told = items.toReversed().map(({ type, data }) => ({ type, data }));
  expect(told.filter(({ type }) => !type.startsWith('order'))).toEqual([
    { type: 'points.charged', data: expect.objectContaining({ userId: user.id, amount: 10, balanceAfter: 10 }) },
    { type: 'coupon.issued', data: { couponId: coupon.id, userCouponId: held.id, userId: user.id } },
    { type: 'coupon.exhausted', data: { couponId: coupon.id, totalQuantity: 1 } },
    { type: 'stock.low', data: { productId: tea.id, quantity: 5, lowAt: 5 } },
    { type: 'stock.out', data: { productId: tea.id, quantity: 0 } },
  ]);
  expect(items.map(({ position }) => position)).toEqual(items.map((_, index) => items.length - index));
});
