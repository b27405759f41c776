import { expectTypeOf } from 'vitest';
import {
  type BaguniError,
  type CallPromise,
  type CallResponse,
  createClient,
  type Inputs,
  isBaguniError,
  isOutcomeUnknown,
  type List,
  matchBaguniError,
  type OutcomeUnknown,
  type OutputAt,
  type Outputs,
  type Page,
  type Reason,
} from '../src/index.ts';
import { openTelemetry } from '../src/opentelemetry.ts';
import { createTrpcClient } from '../src/trpc.ts';
import { verifyWebhook } from '../src/webhooks.ts';

const shop = createClient({ url: 'http://localhost:3000', token: async () => 'token' });
const { signal } = new AbortController();

type Order = Outputs['orders']['place'];
type Product = Outputs['products']['get'];

// Inputs and answers.
expectTypeOf(shop.orders.place({ points: 500 })).toEqualTypeOf<CallPromise<Order>>();
expectTypeOf(shop.orders.place()).toEqualTypeOf<CallPromise<Order>>();
expectTypeOf(shop.orders.place({}, { signal, timeoutMs: 1_000, idempotencyKey: 'mine' })).resolves.toHaveProperty('id');
expectTypeOf(shop.users.me()).resolves.toHaveProperty('name');
expectTypeOf(shop.users.me(undefined, { signal })).resolves.toHaveProperty('name');
expectTypeOf<Order['createdAt']>().toEqualTypeOf<Date>();
expectTypeOf<Order['status']>().toEqualTypeOf<'WAITING' | 'COMPLETE' | 'CANCELLED' | 'REFUNDED'>();
expectTypeOf<Inputs['coupons']['claim']['couponId']>().toEqualTypeOf<number>();
expectTypeOf(shop.coupons.create).parameter(0).toHaveProperty('expiresAt').toEqualTypeOf<Date | undefined>();

// @ts-expect-error A product is named by its id.
void shop.products.get();
// @ts-expect-error The id is a number.
void shop.products.get({ productId: '1' });
// @ts-expect-error An order has no such field.
void shop.orders.place({ point: 500 });
// @ts-expect-error `users.me` takes nothing.
void shop.users.me({ userId: 1 });
// @ts-expect-error A query has no idempotency key.
void shop.products.get({ productId: 1 }, { idempotencyKey: 'mine' });
// @ts-expect-error There is no such procedure.
void shop.orders.delete;
// @ts-expect-error There is no such namespace.
void shop.order;
// @ts-expect-error A call is a function, without tRPC's verbs.
void shop.orders.place.mutate;

expectTypeOf(shop.orders.place({}, { retries: 0 })).toEqualTypeOf<CallPromise<Order>>();
expectTypeOf(shop.orders.place().withResponse()).resolves.toEqualTypeOf<CallResponse<Order>>();
expectTypeOf((await shop.products.get({ productId: 1 }).withResponse()).requestId).toEqualTypeOf<string | undefined>();
// @ts-expect-error Retries are counted.
void shop.orders.place({}, { retries: 'never' });
// @ts-expect-error There is no such option.
void shop.orders.place({}, { timeout: 1_000 });

// Lists.
expectTypeOf(shop.products.list({ search: 'pot' }).page()).toEqualTypeOf<CallPromise<Page<Product>>>();
expectTypeOf(shop.products.list().all({ max: 10 })).resolves.toEqualTypeOf<Product[]>();
// @ts-expect-error What is taken into memory has a limit.
void shop.products.list().all();
expectTypeOf(shop.products.list()).toEqualTypeOf<List<Product>>();
expectTypeOf(await shop.products.list({ limit: 10 })).toEqualTypeOf<Page<Product>>();
for await (const product of shop.products.list()) expectTypeOf(product).toEqualTypeOf<Product>();
for await (const held of shop.coupons.mine()) expectTypeOf(held.coupon.name).toEqualTypeOf<string>();

// @ts-expect-error The cursor is text.
void shop.products.list({ cursor: 2 });
// @ts-expect-error One product is not a list.
for await (const _ of shop.products.get({ productId: 1 }));

// Versions.
const readProduct = () => shop.products.get({ productId: 1 });
expectTypeOf(
  shop.withVersion(readProduct, (current) => {
    expectTypeOf(current).toEqualTypeOf<Product>();
    return shop.products.update({ productId: 1, expectedVersion: current.version });
  }),
).resolves.toEqualTypeOf<Outputs['products']['update']>();
// @ts-expect-error What is read has no such field.
void shop.withVersion(readProduct, ({ revision }) => shop.products.update({ productId: 1, expectedVersion: revision }));

// Streams.
for await (const event of shop.orders.stream({ orderId: 1 }, { signal })) {
  expectTypeOf(event.occurredAt).toEqualTypeOf<Date>();
  if (event.type === 'order.placed') expectTypeOf(event.data.payableAmount).toEqualTypeOf<number>();
  // @ts-expect-error Those are data of another type.
  if (event.type === 'stock.out') void event.data.orderId;
}
for await (const event of shop.events.stream()) expectTypeOf(event.position).toEqualTypeOf<number>();

// @ts-expect-error There is no such type of event.
void shop.events.stream({ types: ['order.lost'] });
// @ts-expect-error A stream goes on for as long as it is wanted.
void shop.events.stream({}, { timeoutMs: 1_000 });

// Errors.
declare const error: unknown;
if (isBaguniError(error, 'STOCK_INSUFFICIENT')) {
  expectTypeOf(error).toEqualTypeOf<BaguniError<'STOCK_INSUFFICIENT'>>();
  expectTypeOf(error.details.available).toEqualTypeOf<number>();
  // @ts-expect-error Those are details of another reason.
  void error.details.expiresAt;
}
if (isBaguniError(error, 'COUPON_EXPIRED', 'COUPON_NOT_STARTED')) {
  expectTypeOf(error.reason).toEqualTypeOf<'COUPON_EXPIRED' | 'COUPON_NOT_STARTED'>();
  if (error.reason === 'COUPON_EXPIRED') expectTypeOf(error.details.expiresAt).toEqualTypeOf<Date>();
}
if (isBaguniError(error)) {
  expectTypeOf(error.reason).toEqualTypeOf<Reason>();
  switch (error.reason) {
    case 'VERSION_CONFLICT':
      expectTypeOf(error.details.currentVersion).toEqualTypeOf<number>();
      break;
    case 'TIMED_OUT':
      expectTypeOf(error.details.timeoutMs).toEqualTypeOf<number>();
      break;
    // @ts-expect-error There is no such reason.
    case 'OUT_OF_MILK':
  }
}
// @ts-expect-error There is no such reason.
isBaguniError(error, 'OUT_OF_MILK');

// Unknown outcomes.
if (isBaguniError(error, 'OUTCOME_UNKNOWN')) expectTypeOf(error).toEqualTypeOf<OutcomeUnknown>();
if (isOutcomeUnknown(error, 'orders.place')) expectTypeOf(error.resolve()).resolves.toEqualTypeOf<Order>();
if (isOutcomeUnknown(error, 'orders.place', 'users.create')) {
  expectTypeOf(error.resolve({ signal })).resolves.toEqualTypeOf<Order | Outputs['users']['create']>();
}
expectTypeOf<OutputAt<'cart.clear'>>().toEqualTypeOf<Outputs['cart']['clear']>();
// @ts-expect-error A query has no outcome.
isOutcomeUnknown(error, 'products.get');
// @ts-expect-error There is no such mutation.
isOutcomeUnknown(error, 'orders.lose');

// Handlers.
const handled = matchBaguniError(error, {
  STOCK_INSUFFICIENT: ({ details }) => details.available,
  OUTCOME_UNKNOWN: ({ idempotencyKey }) => idempotencyKey?.length ?? 0,
});
expectTypeOf(handled).toEqualTypeOf<number>();
// @ts-expect-error There is no such reason.
matchBaguniError(error, { OUT_OF_MILK: () => 0 });
// @ts-expect-error Those are details of another reason.
matchBaguniError(error, { STOCK_INSUFFICIENT: ({ details }) => details.expiresAt });

// Webhooks.
const delivered = verifyWebhook('', new Headers(), ['whsec_…']);
expectTypeOf(delivered.id).toEqualTypeOf<string>();
switch (delivered.type) {
  case 'order.cancelled':
    expectTypeOf(delivered.data.reason).toEqualTypeOf<'customer' | 'expired'>();
    break;
  case 'stock.out':
    expectTypeOf(delivered.data.productId).toEqualTypeOf<number>();
    // @ts-expect-error Those are data of another type.
    void delivered.data.orderId;
    break;
  // @ts-expect-error There is no such type of event.
  case 'order.lost':
}
// @ts-expect-error A body that was parsed is no longer what was signed.
verifyWebhook({}, new Headers(), 'whsec_…');

// Hooks.
createClient({ url: '', hooks: [openTelemetry(), { onRetry: ({ failure }) => void failure.reason.length }] });
createClient({
  url: '',
  // @ts-expect-error There is no such hook.
  hooks: [{ onRequested: () => {} }],
});

// The raw client.
expectTypeOf(
  createTrpcClient({ url: 'http://localhost:3000' }).orders.place.mutate,
).returns.resolves.toEqualTypeOf<Order>();

// Every runtime's own `fetch` fits.
createClient({ url: 'http://localhost:3000', fetch });
// @ts-expect-error A client needs to know where the server is.
createClient({ token: 'bgn_…' });
