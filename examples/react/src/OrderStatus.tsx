import { useBaguni, useStream } from '@baguni/sdk/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';

/** An order as it is now: what happens to it comes over a stream. */
export function OrderStatus({ orderId }: { orderId: number }) {
  const { orders } = useBaguni();
  const queryClient = useQueryClient();
  const { data: order } = useQuery(orders.get.queryOptions({ orderId }));
  useStream(
    orders.stream.streamOptions(
      // From the order's first event on, so that none is lost between the query's answer and the stream's beginning.
      { orderId, after: 0 },
      { onEvent: () => queryClient.invalidateQueries(orders.get.queryFilter({ orderId })) },
    ),
  );
  return <p role="status">{order ? `Order ${order.id} is ${order.status}.` : 'One moment …'}</p>;
}
