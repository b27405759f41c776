import { useBaguni } from '@baguni/sdk/react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

/** The shelf, a page at a time, with a search. */
export function ProductList() {
  const { cart, products } = useBaguni();
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');

  const list = useInfiniteQuery(products.list.infiniteQueryOptions({ limit: 3, ...(search && { search }) }));
  const add = useMutation(
    cart.addItem.mutationOptions({
      // The answer is the cart as it is now: there is nothing to ask for again.
      onSuccess: (changed) => queryClient.setQueryData(cart.get.queryKey(), changed),
    }),
  );

  if (list.isError) return <p role="alert">{list.error.message}</p>;
  return (
    <section aria-label="Products">
      <input type="search" aria-label="Search" value={search} onChange={(event) => setSearch(event.target.value)} />
      <ul>
        {list.data?.pages
          .flatMap(({ items }) => items)
          .map(({ id, name, price }) => (
            <li key={id}>
              {name} – {price}{' '}
              <button type="button" onClick={() => add.mutate({ productId: id, quantity: 1 })}>
                Add {name}
              </button>
            </li>
          ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          More
        </button>
      )}
    </section>
  );
}
