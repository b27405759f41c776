import { expect, test } from 'vitest';
import { waitingOrder } from './payments-for-test.ts';
import { openTestShop } from './shop-for-test.ts';
import { json, raw, silence, startToss } from './toss-for-test.ts';

const PAYABLE = { method: 'toss', token: 'key-from-the-page' };

async function openTossShop() {
  const toss = await startToss();
  const engine = await openTestShop({ providers: { toss: toss.provider }, providerDeadlineMs: 2_000 });
  return { toss, engine, ...(await waitingOrder(engine, { price: 15_000 })) };
}

test('a payment that the customer agreed to on the page is confirmed', async () => {
  const { toss, shop, orderId, key } = await openTossShop();
  const paid = await shop.payments.pay({ orderId, ...PAYABLE });
  expect(paid).toMatchObject({ status: 'PAID', orderStatus: 'COMPLETE', transactionId: 'key-from-the-page' });
  expect(toss.requests).toMatchObject([
    {
      method: 'POST',
      path: '/v1/payments/confirm',
      headers: { 'idempotency-key': `${key}-confirm`, 'content-type': 'application/json' },
      body: { paymentKey: 'key-from-the-page', orderId: key, amount: 15_000 },
    },
  ]);
});

test('without a token a payment window is opened, and captured once the customer has agreed', async () => {
  const { toss, engine, shop, orderId, key } = await openTossShop();
  const opened = await shop.payments.pay({ orderId, method: 'toss' });
  expect(opened).toMatchObject({ status: 'PENDING', nextUrl: `${toss.address}/window/${key}` });
  expect(toss.requests).toMatchObject([
    {
      path: '/v1/payments',
      headers: { 'idempotency-key': key },
      body: { method: 'CARD', amount: 15_000, currency: 'KRW', orderId: key, orderName: `Order ${orderId}` },
    },
  ]);
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(0);
  expect(toss.paymentOf(key)).toMatchObject({ status: 'READY' });

  toss.agree(key);
  const webhook = {
    body: JSON.stringify({
      eventType: 'PAYMENT_STATUS_CHANGED',
      createdAt: '2026-01-01T09:01:00.000000',
      data: { orderId: key, paymentKey: `key-of-${key}`, status: 'IN_PROGRESS' },
    }),
    headers: { 'tosspayments-webhook-transmission-id': 'whtrans_1' },
  };
  expect((await engine.deliverWebhook(webhook, 'toss')).status).toBe(204);
  expect((await engine.deliverWebhook(webhook, 'toss')).status).toBe(204);

  expect(toss.paymentOf(key)).toMatchObject({ status: 'DONE' });
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE', payment: { status: 'PAID' } });
});

test('a declined card fails the payment with the reason of the provider', async () => {
  const { shop, orderId } = await openTossShop();
  expect(await shop.payments.pay({ orderId, method: 'toss', token: 'a-stolen-card' })).toMatchObject({
    status: 'FAILED',
    orderStatus: 'WAITING',
    failureReason: 'REJECT_CARD_PAYMENT: The limit or the balance was exceeded.',
  });
  expect(await shop.payments.pay({ orderId, ...PAYABLE })).toMatchObject({ status: 'PAID' });
});

const INTERNAL = { code: 'FAILED_INTERNAL_SYSTEM_PROCESSING', message: 'Try again later.' };

test.for([
  ['an error of the server', json(500, INTERNAL)],
  ['a page of HTML instead of JSON', raw(200, '<html>Welcome</html>')],
  ['a page of HTML with an error', raw(400, '<html>Bad request</html>')],
  ['an answer without a status', json(200, { orderId: 'payment-1' })],
  ['a negative amount', json(200, { paymentKey: 'x', orderId: 'payment-1', status: 'DONE', totalAmount: -1 })],
  ['another currency', json(200, { paymentKey: 'x', orderId: 'x', status: 'DONE', totalAmount: 1, currency: 'USD' })],
  ['a redirect', raw(307, '', { location: 'http://127.0.0.1:1/elsewhere' })],
  ['a body without end', raw(200, 'x'.repeat(300 * 1024))],
  ['a wrong key', json(401, { code: 'UNAUTHORIZED_KEY', message: 'No.' })],
  ['too many requests', json(429, { code: 'TOO_MANY_REQUESTS', message: 'Later.' })],
  ['a second request under way', json(409, { code: 'IDEMPOTENT_REQUEST_PROCESSING', message: 'Wait.' })],
  ['silence', silence],
] as const)('%s is no answer: the payment stays open until the provider is asked again', async ([, answer]) => {
  const { toss, engine, shop, orderId } = await openTossShop();
  toss.answerNext(answer);
  expect(await shop.payments.pay({ orderId, ...PAYABLE })).toMatchObject({
    status: 'PENDING',
    orderStatus: 'WAITING',
    failureReason: null,
  });
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(1);
  expect(await shop.orders.get({ orderId })).toMatchObject({ status: 'COMPLETE', payment: { status: 'PAID' } });
});

test.for([
  [{ totalAmount: 14_999 }, 'The provider collected 14999 instead of 15000.'],
  [{ orderId: 'payment-999' }, /^The provider collected for payment-999, not for payment-\d+\.$/],
] as const)('%j in the answer pays nothing, and the provider is asked again', async ([wrong, failureReason]) => {
  const { toss, engine, shop, orderId, key } = await openTossShop();
  toss.answerNext(
    json(200, { paymentKey: 'k', orderId: key, status: 'DONE', totalAmount: 15_000, currency: 'KRW', ...wrong }),
  );
  expect(await shop.payments.pay({ orderId, ...PAYABLE })).toMatchObject({
    status: 'PENDING',
    orderStatus: 'WAITING',
    failureReason: typeof failureReason === 'string' ? failureReason : expect.stringMatching(failureReason),
  });
  engine.clock.jump({ minutes: 1 });
  expect(await engine.reconcilePayments()).toBe(1);
  expect(await shop.orders.get({ orderId })).toMatchObject({
    status: 'COMPLETE',
    payment: { status: 'PAID', failureReason: null },
  });
});

test('money goes back by cancelling, with the key of the refund', async () => {
  const { toss, provider } = await startToss().then((toss) => ({ toss, provider: toss.provider }));
  const signal = AbortSignal.timeout(2_000);
  await provider.collect({ key: 'payment-7', amount: 900, description: 'Order 1', token: 'k7' }, signal);
  const refund = {
    key: 'refund-3',
    collection: { key: 'payment-7', transactionId: 'k7' },
    amount: 400,
    reason: 'Two pieces came back.',
  };
  expect(await provider.refund(refund, signal)).toEqual({ status: 'COMPLETE', transactionId: 'cancel-2' });
  expect(toss.requests.at(-1)).toMatchObject({
    path: '/v1/payments/k7/cancel',
    headers: { 'idempotency-key': 'refund-3' },
    body: { cancelAmount: 400, cancelReason: 'Two pieces came back.' },
  });
  toss.answerNext(json(403, { code: 'NOT_CANCELABLE_PAYMENT', message: 'It cannot be cancelled.' }));
  expect(await provider.refund({ ...refund, key: 'refund-4' }, signal)).toEqual({
    status: 'FAILED',
    reason: 'NOT_CANCELABLE_PAYMENT: It cannot be cancelled.',
  });
  toss.answerNext(json(500, INTERNAL));
  await expect(provider.refund({ ...refund, key: 'refund-5' }, signal)).rejects.toThrow('answered 500');
  expect(await provider.lookUp('payment-7', signal)).toMatchObject({ status: 'PAID', amount: 900 });
  expect(await provider.lookUp('payment-8', signal)).toBeUndefined();
});
