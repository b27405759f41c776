import { isBaguniError, isOutcomeUnknown, type Outputs } from '@baguni/sdk';
import { type MutationError, useBaguni } from '@baguni/sdk/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';

type Order = Outputs['orders']['place'];

/** Turns the cart into an order, and says what is in the way if the shop refuses. */
export function Checkout({ onPlaced }: { onPlaced: (order: Order) => void }) {
  const { cart, orders } = useBaguni();
  const queryClient = useQueryClient();
  const place = useMutation(
    orders.place.mutationOptions({
      onSuccess: onPlaced,
      onSettled: () => queryClient.invalidateQueries(cart.pathFilter()),
    }),
  );
  return (
    <section aria-label="Checkout">
      <button type="button" disabled={place.isPending} onClick={() => place.mutate()}>
        Order
      </button>
      {place.error && <Refusal error={place.error} onPlaced={onPlaced} />}
    </section>
  );
}

function Refusal({ error, onPlaced }: { error: MutationError<'orders.place'>; onPlaced: (order: Order) => void }) {
  // It may have been placed: to ask again is right, to order again would not be.
  const resolve = useMutation({
    mutationFn: async () => (isOutcomeUnknown(error, 'orders.place') ? error.resolve() : Promise.reject(error)),
    onSuccess: onPlaced,
  });
  if (isBaguniError(error, 'STOCK_INSUFFICIENT')) {
    return <p role="alert">Only {error.details.available} left.</p>;
  }
  if (isOutcomeUnknown(error, 'orders.place')) {
    return (
      <p role="alert">
        We do not know yet whether the order was placed.{' '}
        <button type="button" disabled={resolve.isPending} onClick={() => resolve.mutate()}>
          Find out
        </button>
      </p>
    );
  }
  return <p role="alert">{error.message}</p>;
}
