import type { HttpRequest, Operation, Wire } from './operation.ts';
import { callerOf, PAGE_SIZE } from './operation.ts';

/** The wire of `@baguni/sdk`: batches of tRPC calls with plain JSON inputs; a test compares it with what the SDK sends. */
export const baguniWire: Wire = {
  batches: true,
  request(operations, tokenOf): HttpRequest {
    const calls = operations.map(callOf);
    const [first] = operations;
    const caller = first && callerOf(first);
    const authorization = caller === undefined ? undefined : `Bearer ${tokenOf(caller)}`;
    const path = `/trpc/${calls.map(({ procedure }) => procedure).join(',')}`;
    const inputs = JSON.stringify(Object.fromEntries(calls.map(({ input }, index) => [index, input])));
    const [only] = calls;
    if (calls.some(({ isMutation }) => isMutation)) {
      const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
      // The SDK sends each mutation alone; several in one request are tRPC's own httpBatchLink's.
      if (calls.length === 1) return { method: 'POST', path, headers, body: JSON.stringify(only?.input) };
      return { method: 'POST', path: `${path}?batch=1`, headers, body: inputs };
    }
    const headers: Record<string, string> = authorization ? { authorization } : {};
    return { method: 'GET', path: `${path}?batch=1&input=${encodeURIComponent(inputs)}`, headers };
  },
};

interface Call {
  readonly procedure: string;
  readonly input: unknown;
  readonly isMutation: boolean;
}

function callOf(operation: Operation): Call {
  switch (operation.kind) {
    case 'browse':
      return query('products.list', { limit: PAGE_SIZE });
    case 'read':
      return query('products.get', { productId: operation.productId });
    case 'history':
      return query('points.history', { limit: PAGE_SIZE });
    case 'orders':
      return query('orders.list', { limit: PAGE_SIZE });
    case 'all-orders':
      return query('orders.search', { limit: PAGE_SIZE });
    case 'best-sellers':
      return query('products.bestSellers', {});
    case 'add': {
      const { productId, key: idempotencyKey } = operation;
      return mutation('cart.addItem', { productId, quantity: 1, idempotencyKey });
    }
    case 'place': {
      const { productId, key: idempotencyKey } = operation;
      return mutation('orders.place', { items: [{ productId, quantity: 1 }], idempotencyKey });
    }
    case 'claim': {
      const { couponId, key: idempotencyKey } = operation;
      return mutation('coupons.claim', { couponId, idempotencyKey });
    }
  }
}

function query(procedure: string, input: object): Call {
  return { procedure, input, isMutation: false };
}

function mutation(procedure: string, input: object): Call {
  return { procedure, input, isMutation: true };
}
