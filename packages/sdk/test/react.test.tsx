// @vitest-environment happy-dom
import { createTestEngine, type TestEngine } from '@baguni/testing';
import {
  QueryClient,
  QueryClientProvider,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { act, cleanup, configure, render, renderHook, screen, waitFor } from '@testing-library/react';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { Component, type ReactNode, StrictMode, Suspense } from 'react';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  type ClientOptions,
  createClient,
  type Fetch,
  isBaguniError,
  isOutcomeUnknown,
  type Shop,
} from '../src/index.ts';
import { BaguniProvider, createBaguniOptions, useBaguni, useShop, useStream } from '../src/react.ts';
import { createTrpcClient } from '../src/trpc.ts';

const URL = 'http://engine.test';

// How long to wait for what comes; it says nothing about how fast it is.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);

async function startEngine(): Promise<TestEngine> {
  const engine = await createTestEngine();
  onTestFinished(async () => {
    cleanup();
    await engine.close();
  });
  return engine;
}

/** A client of a user, the requests that it sent, and what the next of them meet. */
async function watchedClient(engine: TestEngine, options: Partial<ClientOptions> = {}) {
  const user = await engine.given.user({ points: 10_000 });
  const requests: { url: string; body: string; signal: AbortSignal | null | undefined }[] = [];
  const faults: Fetch[] = [];
  const fetch: Fetch = async (url, init) => {
    requests.push({ url, body: String(init.body ?? ''), signal: init.signal });
    const fault = faults.shift();
    return fault ? fault(url, init) : engine.fetch(url, init);
  };
  const token = await engine.tokenOf(user);
  const shop = createClient({ url: URL, token, fetch, retryDelay: () => 0, ...options });
  /** The server does its work, and the connection breaks before its answer arrives. */
  const lostAnswer: Fetch = async (url, init) => {
    await engine.fetch(url, init);
    throw new TypeError('The connection broke.');
  };
  return { user, shop, requests, faults, lostAnswer };
}

const providing =
  (client: Shop, queryClient?: QueryClient) =>
  ({ children }: { children: ReactNode }) => (
    <BaguniProvider client={client} queryClient={queryClient}>
      {children}
    </BaguniProvider>
  );

const keysIn = (requests: readonly { body: string }[]) =>
  requests.map(({ body }) => /"idempotencyKey":"([^"]+)"/.exec(body)?.[1]);

test('a query gives its answer, with Dates that are Dates', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product({ name: 'Tea pot' });
  const { result } = renderHook(() => useQuery(useBaguni().products.get.queryOptions({ productId })), {
    wrapper: providing(engine.anonymous),
  });
  expect(result.current.data).toBeUndefined();
  await waitFor(() => expect(result.current.data?.name).toBe('Tea pot'));
  expect(result.current.data?.createdAt).toEqual(engine.clock.now());
});

test('the queries that components make in one tick travel in one request', async () => {
  const engine = await startEngine();
  await engine.given.product({ name: 'Tea pot' });
  const { shop, requests } = await watchedClient(engine);
  function Name() {
    const { data } = useQuery(useBaguni().products.list.queryOptions());
    return <p>{data?.items[0]?.name}</p>;
  }
  function Points() {
    const { data } = useQuery(useBaguni().points.balance.queryOptions());
    return <p>{data?.balance}</p>;
  }
  render(
    <BaguniProvider client={shop}>
      <Name />
      <Points />
      <Name />
    </BaguniProvider>,
  );
  await screen.findByText('10000');
  expect(await screen.findAllByText('Tea pot')).toHaveLength(2);
  expect(requests).toHaveLength(1);
  expect(requests[0]?.url).toMatch(/\/(products\.list,points\.balance|points\.balance,products\.list)\?/);
});

test('a refused query is asked once, and its error is a BaguniError', async () => {
  const engine = await startEngine();
  const { shop, requests } = await watchedClient(engine);
  const { result } = renderHook(() => useQuery(useBaguni().products.get.queryOptions({ productId: 404 })), {
    wrapper: providing(shop),
  });
  await waitFor(() => expect(result.current.isError).toBe(true));
  const { error } = result.current;
  expect(isBaguniError(error, 'PRODUCT_NOT_FOUND') && error.details).toEqual({ productId: 404 });
  expect(requests).toHaveLength(1);
});

test('what may be sent again the SDK sends again, and React Query hears of the answer alone', async () => {
  const engine = await startEngine();
  const { shop, requests, faults } = await watchedClient(engine);
  faults.push(() => Promise.reject(new TypeError('The connection broke.')));
  const { result } = renderHook(() => useQuery(useBaguni().points.balance.queryOptions()), {
    wrapper: providing(shop),
  });
  await waitFor(() => expect(result.current.data?.balance).toBe(10_000));
  expect(requests).toHaveLength(2);
  expect(result.current.failureCount).toBe(0);
});

test('skipToken asks for nothing until there is an input', async () => {
  const engine = await startEngine();
  const { id } = await engine.given.product({ name: 'Tea pot' });
  const { shop, requests } = await watchedClient(engine);
  const { result, rerender } = renderHook(
    ({ productId }: { productId?: number }) =>
      useQuery(useBaguni().products.get.queryOptions(productId === undefined ? skipToken : { productId })),
    { wrapper: providing(shop), initialProps: {} },
  );
  expect(result.current.fetchStatus).toBe('idle');
  expect(requests).toEqual([]);
  rerender({ productId: id });
  await waitFor(() => expect(result.current.data?.name).toBe('Tea pot'));
});

test('a query is given up when nobody looks at it any more', async () => {
  const engine = await startEngine();
  const { shop, requests, faults } = await watchedClient(engine);
  faults.push(() => new Promise<Response>(() => {}));
  const { unmount } = renderHook(() => useQuery(useBaguni().products.get.queryOptions({ productId: 1 })), {
    wrapper: providing(shop),
  });
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0]?.signal?.aborted).toBe(false);
  unmount();
  await waitFor(() => expect(requests[0]?.signal?.aborted).toBe(true));
});

test('a list is read page after page, until there is no next one', async () => {
  const engine = await startEngine();
  for (const name of ['Bowl', 'Cup', 'Dish', 'Ewer', 'Flask']) await engine.given.product({ name });
  const { shop, requests } = await watchedClient(engine);
  const { result } = renderHook(() => useInfiniteQuery(useBaguni().products.list.infiniteQueryOptions({ limit: 2 })), {
    wrapper: providing(shop),
  });
  const names = () => result.current.data?.pages.map(({ items }) => items.map(({ name }) => name));
  await waitFor(() => expect(names()).toEqual([['Flask', 'Ewer']]));
  await act(() => result.current.fetchNextPage());
  expect(result.current.hasNextPage).toBe(true);
  await act(() => result.current.fetchNextPage());
  await waitFor(() => expect(names()).toEqual([['Flask', 'Ewer'], ['Dish', 'Cup'], ['Bowl']]));
  expect(result.current.hasNextPage).toBe(false);
  expect(requests).toHaveLength(3);
});

test('a suspended component is rendered with its answer, and the boundary above it gets the BaguniError', async () => {
  const engine = await startEngine();
  const { id } = await engine.given.product({ name: 'Tea pot' });
  vi.spyOn(console, 'error').mockImplementation(() => {});
  class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
    override state: { error?: unknown } = {};
    static getDerivedStateFromError(error: unknown) {
      return { error };
    }
    override render() {
      return isBaguniError(this.state.error) ? <p>{this.state.error.reason}</p> : this.props.children;
    }
  }
  function Name({ productId }: { productId: number }) {
    const { data } = useSuspenseQuery(useBaguni().products.get.queryOptions({ productId }));
    return <p>{data.name}</p>;
  }
  render(
    <BaguniProvider client={engine.anonymous}>
      <Suspense fallback={<p>Wait</p>}>
        <Name productId={id} />
      </Suspense>
      <Boundary>
        <Suspense fallback={<p>Wait</p>}>
          <Name productId={404} />
        </Suspense>
      </Boundary>
    </BaguniProvider>,
  );
  expect(screen.getAllByText('Wait')).toHaveLength(2);
  await screen.findByText('Tea pot');
  await screen.findByText('PRODUCT_NOT_FOUND');
  vi.restoreAllMocks();
});

test('a refused mutation tells why, with the details of its reason', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product({ stock: 3 });
  const { shop } = await watchedClient(engine);
  const { result } = renderHook(() => useMutation(useBaguni().orders.place.mutationOptions()), {
    wrapper: providing(shop),
  });
  act(() => result.current.mutate({ items: [{ productId, quantity: 5 }] }));
  await waitFor(() => expect(result.current.isError).toBe(true));
  const { error } = result.current;
  expect(isBaguniError(error, 'STOCK_INSUFFICIENT') && error.details.available).toBe(3);
});

test('a mutation whose outcome is unknown finds out with resolve()', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop, faults, lostAnswer } = await watchedClient(engine, { retries: 0 });
  faults.push(lostAnswer);
  const { result } = renderHook(() => useMutation(useBaguni().orders.place.mutationOptions()), {
    wrapper: providing(shop),
  });
  act(() => result.current.mutate({ items: [{ productId, quantity: 1 }] }));
  await waitFor(() => expect(result.current.isError).toBe(true));
  const { error } = result.current;
  if (!isOutcomeUnknown(error, 'orders.place')) throw error;
  const { id } = await error.resolve();
  expect((await shop.orders.list()).items.map((order) => order.id)).toEqual([id]);
});

test('what React Query sends again for one mutate() has one idempotency key, and takes effect once', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop, requests, faults, lostAnswer } = await watchedClient(engine, { retries: 0 });
  faults.push(lostAnswer, lostAnswer);
  const { result } = renderHook(
    () => useMutation(useBaguni().orders.place.mutationOptions({ retry: 2, retryDelay: 0 })),
    { wrapper: providing(shop) },
  );
  act(() => result.current.mutate({ items: [{ productId, quantity: 1 }] }));
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  const [first, ...again] = keysIn(requests);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(again).toEqual([first, first]);
  expect((await shop.orders.list()).items).toHaveLength(1);
});

test('each mutate() counts, also with the very same variables', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop, requests } = await watchedClient(engine);
  const { result } = renderHook(() => useMutation(useBaguni().cart.addItem.mutationOptions()), {
    wrapper: providing(shop),
  });
  const variables = { productId, quantity: 1 };
  await act(() => Promise.all([result.current.mutateAsync(variables), result.current.mutateAsync(variables)]));
  expect(new Set(keysIn(requests)).size).toBe(2);
  expect((await shop.cart.get()).items).toMatchObject([{ productId, quantity: 2 }]);
});

test('a key in the variables is the one that is sent', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop, requests } = await watchedClient(engine);
  const { result } = renderHook(() => useMutation(useBaguni().cart.addItem.mutationOptions()), {
    wrapper: providing(shop),
  });
  await act(() => result.current.mutateAsync({ productId, quantity: 1, idempotencyKey: 'tap-42' }));
  expect(keysIn(requests)).toEqual(['tap-42']);
});

test('an optimistic change shows at once, and is taken back when the shop refuses it', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product({ stock: 5 });
  const { shop, faults } = await watchedClient(engine);
  await shop.cart.addItem({ productId, quantity: 1 });
  const { result } = renderHook(
    () => {
      const { cart } = useBaguni();
      const queryClient = useQueryClient();
      const query = useQuery(cart.get.queryOptions());
      const key = cart.get.queryKey();
      const change = useMutation(
        cart.setQuantity.mutationOptions({
          onMutate: async ({ quantity }) => {
            await queryClient.cancelQueries(cart.get.queryFilter());
            const before = queryClient.getQueryData(key);
            queryClient.setQueryData(
              key,
              (now) => now && { ...now, items: now.items.map((item) => ({ ...item, quantity })) },
            );
            return before;
          },
          onError: (_error, _variables, before) => queryClient.setQueryData(key, before),
          onSettled: () => queryClient.invalidateQueries(cart.pathFilter()),
        }),
      );
      return { quantity: query.data?.items[0]?.quantity, change };
    },
    { wrapper: providing(shop) },
  );
  await waitFor(() => expect(result.current.quantity).toBe(1));

  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  faults.push(async (url, init) => {
    await answered;
    return engine.fetch(url, init);
  });
  act(() => result.current.change.mutate({ productId, quantity: 10_001 }));
  await waitFor(() => expect(result.current.quantity).toBe(10_001));
  answer();
  await waitFor(() => expect(result.current.change.isError).toBe(true));
  await waitFor(() => expect(result.current.quantity).toBe(1));

  act(() => result.current.change.mutate({ productId, quantity: 4 }));
  await waitFor(() => expect(result.current.quantity).toBe(4));
});

test('filters find one answer, one procedure, one namespace or everything', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const baguni = createBaguniOptions(engine.anonymous);
  const queryClient = new QueryClient();
  const { products } = baguni;
  await queryClient.prefetchQuery(products.get.queryOptions({ productId }));
  await queryClient.prefetchQuery(products.list.queryOptions());
  await queryClient.prefetchQuery(products.list.queryOptions({ search: 'pot' }));
  await queryClient.prefetchInfiniteQuery(products.list.infiniteQueryOptions());
  const count = (filters: object) => queryClient.getQueryCache().findAll(filters).length;
  expect(count(products.list.queryFilter({ search: 'pot' }))).toBe(1);
  expect(count(products.list.queryFilter())).toBe(2);
  expect(count(products.list.infiniteQueryFilter())).toBe(1);
  expect(count(products.list.pathFilter())).toBe(3);
  expect(count(products.pathFilter())).toBe(4);
  expect(count(products.pathFilter({ type: 'active' }))).toBe(0);
  expect(count(baguni.pathFilter())).toBe(4);
  expect(count(baguni.orders.pathFilter())).toBe(0);
});

test('the keys are those that @trpc/tanstack-react-query makes', () => {
  const options = { url: URL };
  const ours = createBaguniOptions(createClient(options));
  const theirs = createTRPCOptionsProxy({ client: createTrpcClient(options), queryClient: new QueryClient() });
  const search = { search: 'pot' };
  expect(ours.cart.get.queryKey()).toEqual(theirs.cart.get.queryKey());
  expect(ours.products.list.queryKey(search)).toEqual(theirs.products.list.queryKey(search));
  expect(ours.products.list.infiniteQueryKey(search)).toEqual(theirs.products.list.infiniteQueryKey(search));
  expect(ours.products.list.pathKey()).toEqual(theirs.products.list.pathKey());
  expect(ours.products.pathKey()).toEqual(theirs.products.pathKey());
  expect(ours.pathKey()).toEqual(theirs.pathKey());
  expect(ours.orders.place.mutationKey()).toEqual(theirs.orders.place.mutationKey());
});

test('a stream tells of each event, in development mode too, and is given up on unmount', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop, requests } = await watchedClient(engine);
  const order = await shop.orders.place({ items: [{ productId, quantity: 1 }] });
  const events: string[] = [];
  const { result, unmount } = renderHook(
    () =>
      useStream(
        useBaguni().orders.stream.streamOptions(
          { orderId: order.id, after: 0 },
          { onEvent: ({ type }) => events.push(type) },
        ),
      ),
    { wrapper: ({ children }) => <StrictMode>{providing(shop)({ children })}</StrictMode> },
  );
  expect(result.current).toMatchObject({ status: 'following', event: undefined });
  await engine.runDue();
  await waitFor(() => expect(result.current.event?.type).toBe('order.placed'));
  await shop.orders.cancel({ orderId: order.id });
  await engine.runDue();
  await waitFor(() => expect(result.current.event?.type).toBe('order.cancelled'));
  expect(events).toEqual(['order.placed', 'order.cancelled']);
  const streams = requests.filter(({ url }) => url.includes('orders.stream'));
  expect(streams.at(-1)?.signal?.aborted).toBe(false);
  unmount();
  expect(streams.every(({ signal }) => signal?.aborted)).toBe(true);
});

test('a stream that is refused says why, and can be started again', async () => {
  const engine = await startEngine();
  const { shop, requests } = await watchedClient(engine);
  const onError = vi.fn();
  const { result } = renderHook(
    () => useStream(useBaguni().orders.stream.streamOptions({ orderId: 404 }, { onError })),
    { wrapper: providing(shop) },
  );
  await waitFor(() => expect(result.current.status).toBe('refused'));
  expect(isBaguniError(result.current.error, 'ORDER_NOT_FOUND')).toBe(true);
  expect(onError).toHaveBeenCalledExactlyOnceWith(result.current.error);
  act(() => result.current.restart());
  await waitFor(() => expect(onError).toHaveBeenCalledTimes(2));
  expect(requests).toHaveLength(2);
});

test('a stream that is not enabled is not opened', async () => {
  const engine = await startEngine();
  const { shop, requests } = await watchedClient(engine);
  const { result, rerender } = renderHook(
    ({ enabled }) => useStream(useBaguni().orders.stream.streamOptions({}, { enabled })),
    { wrapper: providing(shop), initialProps: { enabled: false } },
  );
  expect(result.current.status).toBe('idle');
  expect(requests).toEqual([]);
  rerender({ enabled: true });
  await waitFor(() => expect(requests).toHaveLength(1));
  rerender({ enabled: false });
  expect(result.current.status).toBe('idle');
  expect(requests[0]?.signal?.aborted).toBe(true);
});

test('a handler that throws loses no event', async () => {
  const engine = await startEngine();
  const { id: productId } = await engine.given.product();
  const { shop } = await watchedClient(engine);
  for (const quantity of [1, 2]) await shop.orders.place({ items: [{ productId, quantity }] });
  await engine.runDue();
  const toConsole = vi.spyOn(console, 'error').mockImplementation(() => {});
  const onEvent = vi.fn(() => {
    throw new Error('Not today.');
  });
  renderHook(() => useStream(useBaguni().orders.stream.streamOptions({ after: 0 }, { onEvent })), {
    wrapper: providing(shop),
  });
  await waitFor(() => expect(onEvent).toHaveBeenCalledTimes(2));
  expect(toConsole).toHaveBeenCalledWith(expect.stringContaining('handler'), new Error('Not today.'));
  vi.restoreAllMocks();
});

test('the answers are kept where the provider says, or above it, or for each client apart', async () => {
  const engine = await startEngine();
  const [one, two] = [await watchedClient(engine), await watchedClient(engine)];
  const named = new QueryClient();
  const above = new QueryClient();
  function useBalance() {
    return { kept: useQueryClient(), shop: useShop(), ...useQuery(useBaguni().points.balance.queryOptions()) };
  }
  const { result: inNamed } = renderHook(useBalance, { wrapper: providing(one.shop, named) });
  expect(inNamed.current).toMatchObject({ kept: named, shop: one.shop });
  const { result: inAbove } = renderHook(useBalance, {
    wrapper: ({ children }) => (
      <QueryClientProvider client={above}>{providing(one.shop)({ children })}</QueryClientProvider>
    ),
  });
  expect(inAbove.current.kept).toBe(above);

  let client = one.shop;
  const { result: inOwn, rerender } = renderHook(useBalance, {
    wrapper: ({ children }) => <BaguniProvider client={client}>{children}</BaguniProvider>,
  });
  await waitFor(() => expect(inOwn.current.data?.balance).toBe(10_000));
  client = two.shop;
  rerender();
  expect(inOwn.current.data).toBeUndefined();
  await waitFor(() => expect(inOwn.current.data?.userId).toBe(two.user.id));
});

test('a hook without a provider above it says so', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(() => renderHook(() => useBaguni())).toThrow('useBaguni() needs a <BaguniProvider client={…}> above it.');
  vi.restoreAllMocks();
});
