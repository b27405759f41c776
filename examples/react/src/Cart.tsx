import { useBaguni } from '@baguni/sdk/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

/** The cart. A quantity changes on the screen at once, and back if the shop refuses it. */
export function Cart() {
  const { cart } = useBaguni();
  const queryClient = useQueryClient();
  const key = cart.get.queryKey();

  const { data } = useQuery(cart.get.queryOptions());
  const setQuantity = useMutation(
    cart.setQuantity.mutationOptions({
      async onMutate({ productId, quantity }) {
        // An answer that is under way would show the quantity from before.
        await queryClient.cancelQueries(cart.get.queryFilter());
        const before = queryClient.getQueryData(key);
        queryClient.setQueryData(
          key,
          (now) =>
            now && {
              ...now,
              items: now.items.map((item) => (item.productId === productId ? { ...item, quantity } : item)),
            },
        );
        return before;
      },
      onError: (_error, _change, before) => queryClient.setQueryData(key, before),
      onSettled: () => queryClient.invalidateQueries(cart.pathFilter()),
    }),
  );

  return (
    <ul aria-label="Cart">
      {data?.items.map(({ productId, productName, quantity }) => (
        <li key={productId}>
          {quantity} × {productName}{' '}
          <button type="button" onClick={() => setQuantity.mutate({ productId, quantity: quantity + 1 })}>
            One more {productName}
          </button>
        </li>
      ))}
    </ul>
  );
}
