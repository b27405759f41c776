import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { eventTypes, expectLedgersAgree, waitingOrder } from './payments-for-test.ts';
import { openTestShop, stateOf } from './shop-for-test.ts';

test('a provider that answers late is heard by its webhook', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  const call = { orderId, method: 'test', token: 'late', idempotencyKey: 'late-one' };
  expect(await shop.payments.pay(call)).toMatchObject({ status: 'PENDING', orderStatus: 'WAITING' });
  engine.provider.approve(key);

  const response = await engine.deliverWebhook(engine.provider.webhook(key, { at: engine.clock.now() }));

  expect(response.status).toBe(204);
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE', payment: { status: 'PAID' } });
  expect(await shop.payments.pay(call)).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE' });
  await expectLedgersAgree(engine);
});

test('a late refusal fails the payment, and the order waits for another try', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  await shop.payments.pay({ orderId, method: 'test', token: 'late' });
  engine.provider.decline(key);
  await engine.deliverWebhook(engine.provider.webhook(key, { at: engine.clock.now() }));
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'WAITING', payment: { status: 'FAILED' } });
  expect(await shop.payments.pay({ orderId, method: 'test' })).toMatchObject({ status: 'PAID' });
  await expectLedgersAgree(engine);
});

test('a webhook that comes before the answer pays the order, and the answer changes nothing more', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  engine.provider.beforeNextAnswer(async () => {
    const webhook = engine.provider.webhook(key, { at: engine.clock.now() });
    expect((await engine.deliverWebhook(webhook)).status).toBe(204);
    expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE' });
  });
  for (const token of ['time-out-after']) {
    expect(await shop.payments.pay({ orderId, method: 'test', token })).toMatchObject({
      status: 'PAID',
      orderStatus: 'COMPLETE',
    });
  }
  expect(await eventTypes(engine)).toEqual(['order.placed', 'order.completed']);
  await expectLedgersAgree(engine);
});

test('messages that come twice, at once or out of order are each taken once', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  await shop.payments.pay({ orderId, method: 'test', token: 'late' });
  const early = engine.provider.webhook(key, { at: engine.clock.now(), messageId: 'msg_early' });
  engine.provider.approve(key);
  const late = engine.provider.webhook(key, { at: engine.clock.now(), messageId: 'msg_late' });

  const responses = await Promise.all(
    [late, late, early, late, early].map((webhook) => engine.deliverWebhook(webhook)),
  );

  expect(responses.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
  expect(await engine.sql('select message_id, outcome from provider_webhooks order by message_id')).toEqual([
    { message_id: 'msg_early', outcome: 'ACCEPTED' },
    { message_id: 'msg_late', outcome: 'ACCEPTED' },
  ]);
  expect((await engine.deliverWebhook(late)).status).toBe(204);
  expect(await eventTypes(engine)).toEqual(['order.placed', 'order.completed']);
  await expectLedgersAgree(engine);
});

test('a message that is not to be trusted is refused, recorded, and pays nothing', async () => {
  const engine = await openTestShop();
  const { shop, orderId, key } = await waitingOrder(engine);
  await shop.payments.pay({ orderId, method: 'test', token: 'late' });
  engine.provider.approve(key);
  const now = engine.clock.now();
  const good = engine.provider.webhook(key, { at: now });
  const { 'webhook-signature': _signature, ...unsigned } = good.headers;
  const before = await stateOf(engine);

  const refused: [string, { body: string; headers: Record<string, string> }][] = [
    ['no signature', { body: good.body, headers: unsigned }],
    ['another body', { ...good, body: good.body.replace('}', ' }') }],
    ['a re-serialised body', { ...good, body: JSON.stringify(JSON.parse(good.body), null, 1) }],
    ['another id', { ...good, headers: { ...good.headers, 'webhook-id': 'msg_other' } }],
    ['another signature', { ...good, headers: { ...good.headers, 'webhook-signature': 'v1,AAAA' } }],
    ['301 seconds old', engine.provider.webhook(key, { at: new Date(now.getTime() - 301_000) })],
    ['301 seconds ahead', engine.provider.webhook(key, { at: new Date(now.getTime() + 301_000) })],
    ['an unknown payment', engine.provider.webhook('payment-9999', { at: now })],
    ['a key of nobody', engine.provider.webhook('payment-0x1', { at: now })],
  ];
  for (const [label, webhook] of refused) {
    const response = await engine.deliverWebhook(webhook);
    expect(response.status, label).toBe(400);
    expect(await response.text(), label).toContain('WEBHOOK_REFUSED');
  }
  expect((await engine.deliverWebhook(good, 'cash')).status).toBe(400);

  const outcomes = await engine.sql<{ outcome: string }>('select outcome from provider_webhooks');
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(refused.map(() => 'REFUSED'));
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'WAITING', payment: { status: 'PENDING' } });
  await engine.sql('delete from provider_webhooks');
  expect(await stateOf(engine)).toEqual(before);

  expect(
    (await engine.deliverWebhook(engine.provider.webhook(key, { at: new Date(now.getTime() - 300_000) }))).status,
  ).toBe(204);
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE' });
});

test("a message about a payment that the provider was never asked for is refused, another order's pays only that one", async () => {
  const engine = await openTestShop();
  const mine = await waitingOrder(engine);
  const foreign = await waitingOrder(engine);
  await mine.shop.payments.pay({ orderId: mine.orderId, method: 'test' });

  const webhook = engine.provider.webhook(foreign.key, { at: engine.clock.now() });
  expect((await engine.deliverWebhook(webhook)).status).toBe(400);
  const again = engine.provider.webhook(mine.key, { at: engine.clock.now() });
  expect((await engine.deliverWebhook(again)).status).toBe(204);

  expect(await foreign.shop.orders.get({ orderId: foreign.orderId })).toMatchObject({ status: 'WAITING' });
  await expectLedgersAgree(engine);
});

test('a body of more than 64 KiB is refused unread', async () => {
  const engine = await openTestShop();
  const { headers } = engine.provider.webhook('payment-1', { at: engine.clock.now() });
  expect((await engine.deliverWebhook({ body: 'x'.repeat(64 * 1024 + 1), headers })).status).toBe(413);
  expect(await engine.sql('select id from provider_webhooks')).toEqual([]);
});

test('a webhook that cannot be for anybody, or that meets something broken, is answered and does not throw', async () => {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl(), auditOnClose: false });
  onTestFinished(() => engine.close());
  const webhook = engine.provider.webhook('payment-1', { at: engine.clock.now() });
  expect((await engine.deliverWebhook(webhook, '%')).status).toBe(400);
  await engine.sql('drop table provider_webhooks');
  expect((await engine.deliverWebhook(webhook)).status).toBe(500);
  expect(engine.internalErrors).toHaveLength(1);
});
