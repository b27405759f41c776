import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertRefused, NOBODY, times } from '../expectations.ts';
import { lineOf } from '../trial.ts';
import type { WireRequest } from '../wire.ts';

export const errors = feature('Errors', {
  'every error has one shape, with a reason, a request id, and the status of its answer': async (trial) => {
    const token = await trial.tokenOf((await trial.customer()).user);
    const { id: productId } = await trial.product({ quantity: 0 });
    const post = (body: object) => ({ method: 'POST', token, body: JSON.stringify(body) }) as const;
    const tooMany = times(11, () => 'products.list').join();
    const requests: [string, WireRequest, number, string][] = [
      ['orders.place', post({ items: [] }), 400, 'INPUT_INVALID'],
      [`${tooMany}?batch=1`, {}, 400, 'INPUT_INVALID'],
      ['users.me', {}, 401, 'UNAUTHENTICATED'],
      ['users.me', { token: 'wrong' }, 401, 'UNAUTHENTICATED'],
      ['audit.verify', { token }, 403, 'FORBIDDEN'],
      ['no.such.procedure', {}, 404, 'PROCEDURE_NOT_FOUND'],
      [`products.get?input={"productId":${NOBODY}}`, {}, 404, 'PRODUCT_NOT_FOUND'],
      ['orders.place', { token }, 405, 'METHOD_NOT_SUPPORTED'],
      ['orders.place', post({ items: [{ productId, quantity: 1 }] }), 409, 'STOCK_INSUFFICIENT'],
      ['orders.place', post({ items: 'x'.repeat(70_000) }), 413, 'REQUEST_TOO_LARGE'],
      ['orders.place', { ...post({}), contentType: 'text/plain' }, 415, 'MEDIA_TYPE_NOT_SUPPORTED'],
    ];
    const ids = new Set<string>();
    for (const [path, request, httpStatus, reason] of requests) {
      const { status, error, text } = await trial.wire.send(path, request);
      assert.ok(error, `${path} is refused.`);
      const { message, code, data } = error;
      assert.deepEqual([status, data.httpStatus, data.reason, data.retryable], [httpStatus, httpStatus, reason, false]);
      assert.ok(data.requestId !== '', `The refusal of ${path} names its request.`);
      assert.ok(message !== '' && Number.isInteger(code) && data.code !== '' && data.details !== undefined);
      assert.doesNotMatch(text, /node_modules|\.ts:\d|"stack"|\bselect\b.*\bfrom\b/i, 'Nothing internal leaves.');
      ids.add(data.requestId);
    }
    assert.equal(ids.size, requests.length, 'Every request has an id of its own.');
  },

  'a refusal carries the values that a program needs, and says them to a person': async (trial) => {
    const { shop } = await trial.customer();
    const product = await trial.product({ quantity: 2 });
    const call = shop.orders.place({ items: [lineOf(product, 3)] });
    const { details, message, requestId, retryable } = await assertRefused(call, 'STOCK_INSUFFICIENT');
    assert.deepEqual({ ...details }, { productId: product.id, requested: 3, available: 2 });
    assert.match(message, /3/);
    assert.match(message, /2/);
    assert.ok(requestId);
    assert.equal(retryable, false);
  },

  'dates are dates in answers and in the details of refusals': async (trial) => {
    const { shop } = await trial.customer();
    const { id: couponId } = await trial.coupon();
    const { id: userCouponId, issuedAt } = await shop.coupons.claim({ couponId });
    const product = await trial.product();
    await shop.orders.place({ items: [lineOf(product)], userCouponId });
    const again = shop.orders.place({ items: [lineOf(product)], userCouponId });
    const { details } = await assertRefused(again, 'COUPON_ALREADY_USED');
    assert.ok(issuedAt instanceof Date && details.usedAt instanceof Date);
  },

  'the calls of one request are answered each for itself': async (trial) => {
    const { id: productId } = await trial.product();
    const input = JSON.stringify({ 0: { productId }, 1: { productId: NOBODY }, 2: { productId } });
    const path = `products.get,products.get,products.get?batch=1&input=${encodeURIComponent(input)}`;
    const { text } = await trial.wire.send(path);
    const answers: { result?: { data: { json: { id: number } } }; error?: unknown }[] = JSON.parse(text);
    assert.deepEqual(
      answers.map(({ result, error }) => result?.data.json.id ?? (error === undefined ? 'nothing' : 'refused')),
      [productId, 'refused', productId],
    );
  },

  'a request carries at most ten calls': async (trial) => {
    const request = (count: number) => `${times(count, () => 'products.bestSellers').join()}?batch=1&input={}`;
    assert.equal((await trial.wire.send(request(10))).status, 200);
    assert.equal((await trial.wire.send(request(11))).status, 400);
  },
});
