import {
  type InfiniteData,
  QueryClient,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { expectTypeOf } from 'vitest';
import { type BaguniErrorOf, isBaguniError, isOutcomeUnknown, type Outputs, type Page } from '../src/index.ts';
import { type CallError, type MutationError, useBaguni, useStream } from '../src/react.ts';

type Product = Outputs['products']['get'];
type ProductPage = Outputs['products']['list'];
type Cart = Outputs['cart']['get'];
type Order = Outputs['orders']['place'];

const baguni = useBaguni();
const queryClient = new QueryClient();

// Queries.
const product = useQuery(baguni.products.get.queryOptions({ productId: 1 }));
expectTypeOf(product.data).toEqualTypeOf<Product | undefined>();
expectTypeOf(product.error).toEqualTypeOf<CallError | null>();
expectTypeOf(useQuery(baguni.cart.get.queryOptions()).data).toEqualTypeOf<Cart | undefined>();
expectTypeOf(useQuery(baguni.products.list.queryOptions({ search: 'pot' })).data).toEqualTypeOf<
  ProductPage | undefined
>();
expectTypeOf(
  useQuery(baguni.products.get.queryOptions({ productId: 1 }, { select: ({ price }) => price, staleTime: 1_000 })).data,
).toEqualTypeOf<number | undefined>();
expectTypeOf(useQuery(baguni.products.get.queryOptions(skipToken)).data).toEqualTypeOf<Product | undefined>();
declare const known: Product;
expectTypeOf(
  useQuery(baguni.products.get.queryOptions({ productId: 1 }, { initialData: known })).data,
).toEqualTypeOf<Product>();
// @ts-expect-error A product is found by its id.
baguni.products.get.queryOptions();
// @ts-expect-error An id is a number.
baguni.products.get.queryOptions({ productId: '1' });
// @ts-expect-error There is no such field.
baguni.products.list.queryOptions({ serach: 'pot' });
// @ts-expect-error There is no such procedure.
baguni.products.find.queryOptions();
// @ts-expect-error A query is no mutation.
baguni.products.get.mutationOptions();
// @ts-expect-error The key is made from the procedure and its input.
baguni.cart.get.queryOptions(undefined, { queryKey: ['mine'] });

// The errors of queries.
if (isBaguniError(product.error, 'PRODUCT_NOT_FOUND')) {
  expectTypeOf(product.error.details).toEqualTypeOf<{ productId: number }>();
  // @ts-expect-error Those are details of another reason.
  void product.error.details.available;
}
if (product.error?.reason === 'TIMED_OUT') expectTypeOf(product.error.details.timeoutMs).toEqualTypeOf<number>();

// Suspense.
expectTypeOf(useSuspenseQuery(baguni.products.get.queryOptions({ productId: 1 })).data).toEqualTypeOf<Product>();
expectTypeOf(useSuspenseInfiniteQuery(baguni.products.list.infiniteQueryOptions()).data).toEqualTypeOf<
  InfiniteData<Page<ProductPage['items'][number]>, string | undefined>
>();
// @ts-expect-error Who suspends cannot skip.
useSuspenseQuery(baguni.products.get.queryOptions(skipToken));

// Lists, page after page.
const list = useInfiniteQuery(baguni.products.list.infiniteQueryOptions({ search: 'pot', limit: 10 }));
expectTypeOf(list.data?.pages[0]?.items[0]).toEqualTypeOf<ProductPage['items'][number] | undefined>();
expectTypeOf(list.error).toEqualTypeOf<CallError | null>();
expectTypeOf(
  useInfiniteQuery(
    baguni.products.list.infiniteQueryOptions(undefined, {
      select: ({ pages }) => pages.flatMap(({ items }) => items),
    }),
  ).data,
).toEqualTypeOf<ProductPage['items'] | undefined>();
// @ts-expect-error The cursors are wired already.
baguni.products.list.infiniteQueryOptions({ cursor: 'abc' });
// @ts-expect-error The cursors are wired already.
baguni.products.list.infiniteQueryOptions({}, { getNextPageParam: () => undefined });
// @ts-expect-error A product has no pages.
baguni.products.get.infiniteQueryOptions({ productId: 1 });

// Mutations.
const place = useMutation(baguni.orders.place.mutationOptions());
expectTypeOf(place.data).toEqualTypeOf<Order | undefined>();
expectTypeOf(place.error).toEqualTypeOf<MutationError<'orders.place'> | null>();
place.mutate();
place.mutate({ points: 500, idempotencyKey: 'tap-42' });
expectTypeOf(place.mutateAsync).returns.resolves.toEqualTypeOf<Order>();
// @ts-expect-error Points are a number.
place.mutate({ points: '500' });
const add = useMutation(baguni.cart.addItem.mutationOptions());
add.mutate({ productId: 1, quantity: 1 });
// @ts-expect-error What is to be added?
add.mutate();
// @ts-expect-error How many?
add.mutate({ productId: 1 });
useMutation(
  baguni.cart.addItem.mutationOptions({
    onMutate: () => 'before',
    onError: (error, { productId }, before) => {
      expectTypeOf(error).toEqualTypeOf<MutationError<'cart.addItem'>>();
      expectTypeOf(productId).toEqualTypeOf<number>();
      expectTypeOf(before).toEqualTypeOf<string | undefined>();
    },
    onSuccess: (cart) => expectTypeOf(cart).toEqualTypeOf<Cart>(),
  }),
);
// @ts-expect-error What is done is the procedure.
baguni.cart.addItem.mutationOptions({ mutationFn: async () => known });

// The errors of mutations.
if (isBaguniError(place.error, 'STOCK_INSUFFICIENT')) {
  expectTypeOf(place.error.details.available).toEqualTypeOf<number>();
}
if (isBaguniError(place.error)) expectTypeOf(place.error.reason).toEqualTypeOf<BaguniErrorOf['reason']>();
if (isOutcomeUnknown(place.error, 'orders.place')) {
  expectTypeOf(place.error.resolve()).resolves.toEqualTypeOf<Order>();
}
// What is unknown is the outcome of this mutation, so it need not be named again.
if (place.error?.reason === 'OUTCOME_UNKNOWN') {
  expectTypeOf(place.error.resolve()).resolves.toEqualTypeOf<Order>();
}

// Keys and filters.
expectTypeOf(queryClient.getQueryData(baguni.cart.get.queryKey())).toEqualTypeOf<Cart | undefined>();
queryClient.setQueryData(baguni.cart.get.queryKey(), (cart) => cart && { ...cart, items: [] });
// @ts-expect-error That is no cart.
queryClient.setQueryData(baguni.cart.get.queryKey(), known);
void queryClient.invalidateQueries(baguni.pathFilter());
void queryClient.invalidateQueries(baguni.cart.pathFilter({ type: 'active' }));
void queryClient.invalidateQueries(baguni.products.get.queryFilter({ productId: 1 }));
expectTypeOf(queryClient.fetchQuery(baguni.cart.get.queryOptions())).resolves.toEqualTypeOf<Cart>();

// Streams.
const orders = useStream(
  baguni.orders.stream.streamOptions(
    { orderId: 1 },
    { onEvent: ({ aggregateId }) => expectTypeOf(aggregateId).toEqualTypeOf<number>() },
  ),
);
if (orders.event?.type === 'order.cancelled')
  expectTypeOf(orders.event.data.reason).toEqualTypeOf<'customer' | 'expired'>();
if (orders.status === 'refused') expectTypeOf(orders.error).toEqualTypeOf<CallError>();
else expectTypeOf(orders.error).toEqualTypeOf<undefined>();
// @ts-expect-error An id is a number.
baguni.orders.stream.streamOptions({ orderId: '1' });
// @ts-expect-error A stream is followed, not asked.
baguni.orders.stream.queryOptions();
