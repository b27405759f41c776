import assert from 'node:assert/strict';
import type { Shop } from '@baguni/sdk';
import { feature } from '../behaviour.ts';
import { assertRefused, take } from '../expectations.ts';
import { lineOf, type Trial } from '../trial.ts';

type Event = Awaited<ReturnType<Shop['events']['list']>>['items'][number];

/** An order that was placed, completed, refunded in part and refunded whole: four events. */
async function eventfulOrder(trial: Trial) {
  const customer = await trial.customer({ points: 2_000 });
  const product = await trial.product();
  const { id: orderId } = await customer.shop.orders.place({ items: [lineOf(product, 2)], points: 2_000 });
  await trial.admin.payments.refund({ orderId, items: [lineOf(product)] });
  await trial.admin.payments.refund({ orderId });
  return { ...customer, product, orderId };
}

const LIFE = ['order.placed', 'order.completed', 'order.part_refunded', 'order.refunded'];

const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);

export const events = feature('Events', {
  'everything that happens to an order is an event, in the order in which it happened': async (trial) => {
    const { user, shop, orderId } = await eventfulOrder(trial);
    const seen = await take(shop.orders.stream({ orderId, after: 0 }), 4);
    assert.deepEqual(typesOf(seen), LIFE);
    for (const { aggregateType, aggregateId, data } of seen) {
      assert.deepEqual([aggregateType, aggregateId], ['order', orderId]);
      assert.partialDeepStrictEqual(data, { orderId, userId: user.id });
    }
    const versions = seen.map(({ aggregateVersion }) => aggregateVersion);
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
    const positions = seen.map(({ position }) => position);
    assert.deepEqual(
      positions,
      [...new Set(positions)].toSorted((a, b) => a - b),
    );
  },

  'a stream tells what happens while it happens': async (trial) => {
    const { user, shop } = await trial.customer();
    const product = await trial.product();
    // The first event tells that the stream is open, the second comes while it is.
    const first = await shop.orders.place({ items: [lineOf(product)] });
    const seen: Event[] = [];
    for await (const event of shop.orders.stream({ after: 0 })) {
      seen.push(event);
      if (seen.length === 1) await shop.orders.cancel({ orderId: first.id });
      if (seen.length === 2) break;
    }
    assert.deepEqual(typesOf(seen), ['order.placed', 'order.cancelled']);
    assert.partialDeepStrictEqual(seen[1]?.data, { orderId: first.id, userId: user.id });
  },

  'a stream that goes on after an event loses nothing and tells nothing twice': async (trial) => {
    const { shop, orderId } = await eventfulOrder(trial);
    const whole = await take(shop.orders.stream({ orderId, after: 0 }), 4);
    for (let read = 1; read < 4; read++) {
      const position = whole[read - 1]?.position ?? 0;
      assert.deepEqual(await take(shop.orders.stream({ orderId, after: position }), 4 - read), whole.slice(read));
    }
  },

  'a connection that broke goes on after the id of the last event that came': async (trial) => {
    const { user, shop, orderId } = await eventfulOrder(trial);
    const [first, second] = await take(shop.orders.stream({ orderId, after: 0 }), 2);
    assert.ok(first && second);
    const gaveUp = new AbortController();
    const query = { orderId, after: 0, lastEventId: String(first.position) };
    const path = `orders.stream?input=${encodeURIComponent(JSON.stringify(query))}`;
    const answer = await trial.wire.open(path, { token: await trial.tokenOf(user), signal: gaveUp.signal });
    assert.match(answer.headers.get('content-type') ?? '', /^text\/event-stream/);
    let text = '';
    assert.ok(answer.body);
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes(`\nid: ${second.position}\n`)) break;
    }
    gaveUp.abort();
    assert.ok(!text.includes(`"id":${first.id},`), 'The event that came before does not come again.');
    assert.ok(text.includes(`"id":${second.id},`), 'The next one comes.');
  },

  'a customer sees the events of their own orders alone': async (trial) => {
    const [{ orderId }, other] = [await eventfulOrder(trial), await trial.customer()];
    await assertRefused(take(other.shop.orders.stream({ orderId, after: 0 }), 1), 'ORDER_NOT_FOUND', { orderId });
    const own = await other.shop.orders.place({ items: [lineOf(await trial.product())] });
    const [event] = await take(other.shop.orders.stream({ after: 0 }), 1);
    assert.equal(event?.aggregateId, own.id);
  },

  'an admin finds the events of one order, newest first, and by type': async (trial) => {
    const { shop, orderId } = await eventfulOrder(trial);
    await take(shop.orders.stream({ orderId, after: 0 }), 4);
    const { items } = await trial.admin.events.list({ aggregateType: 'order', aggregateId: orderId });
    assert.deepEqual(typesOf(items), LIFE.toReversed());
    const refunded = { type: 'order.refunded', aggregateType: 'order', aggregateId: orderId } as const;
    assert.deepEqual(typesOf((await trial.admin.events.list(refunded)).items), ['order.refunded']);
  },

  'the last piece of a stock and the last issue of a coupon are events': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 1 });
    const { id: couponId } = await trial.coupon({ totalQuantity: 1 });
    await shop.coupons.claim({ couponId });
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product)] });
    const [placed] = await take(shop.orders.stream({ orderId, after: 0 }), 1);
    assert.ok(placed);
    const exhausted = await take(trial.admin.events.stream({ after: 0, types: ['coupon.exhausted'] }), 1);
    assert.equal(exhausted.length, 1);
    const ofCoupon = await trial.admin.events.list({ aggregateType: 'coupon', aggregateId: couponId });
    assert.deepEqual(typesOf(ofCoupon.items), ['coupon.exhausted', 'coupon.issued']);
    const ofProduct = await trial.admin.events.list({ aggregateType: 'product', aggregateId: product.id });
    assert.ok(typesOf(ofProduct.items).includes('stock.out'));
  },

  'a refused call is no event': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 1 });
    await assertRefused(shop.orders.place({ items: [lineOf(product, 2)] }), 'STOCK_INSUFFICIENT');
    const { id: orderId } = await shop.orders.place({ items: [lineOf(product)] });
    const [event] = await take(shop.orders.stream({ after: 0 }), 1);
    assert.partialDeepStrictEqual(event, { type: 'order.placed', aggregateId: orderId });
  },
});
