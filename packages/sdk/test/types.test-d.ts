import { expectTypeOf } from 'vitest';
import {
  type BaguniError,
  createClient,
  type Inputs,
  isBaguniError,
  type List,
  type Outputs,
  type Page,
  type Reason,
} from '../src/index.ts';
import { createTrpcClient } from '../src/trpc.ts';

const shop = createClient({ url: 'http://localhost:3000', token: async () => 'token' });
const { signal } = new AbortController();

type Order = Outputs['orders']['place'];
type Product = Outputs['products']['get'];

// Inputs and answers.
expectTypeOf(shop.orders.place({ points: 500 })).toEqualTypeOf<Promise<Order>>();
expectTypeOf(shop.orders.place()).toEqualTypeOf<Promise<Order>>();
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

// Lists.
expectTypeOf(shop.products.list()).toEqualTypeOf<List<Product>>();
expectTypeOf(await shop.products.list({ limit: 10 })).toEqualTypeOf<Page<Product>>();
for await (const product of shop.products.list()) expectTypeOf(product).toEqualTypeOf<Product>();
for await (const held of shop.coupons.mine()) expectTypeOf(held.coupon.name).toEqualTypeOf<string>();

// @ts-expect-error The cursor is text.
void shop.products.list({ cursor: 2 });
// @ts-expect-error One product is not a list.
for await (const _ of shop.products.get({ productId: 1 }));

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

// The raw client.
expectTypeOf(
  createTrpcClient({ url: 'http://localhost:3000' }).orders.place.mutate,
).returns.resolves.toEqualTypeOf<Order>();

// Every runtime's own `fetch` fits.
createClient({ url: 'http://localhost:3000', fetch });
// @ts-expect-error A client needs to know where the server is.
createClient({ token: 'bgn_…' });
