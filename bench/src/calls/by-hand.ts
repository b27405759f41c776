import type { HttpRequest, Wire } from './operation.ts';
import { PAGE_SIZE } from './operation.ts';

/** The wire of the server written by hand: one resource a request. */
export const byHandWire: Wire = {
  batches: false,
  request([operation], tokenOf): HttpRequest {
    switch (operation?.kind) {
      case 'browse':
        return { method: 'GET', path: `/products?limit=${PAGE_SIZE}`, headers: {} };
      case 'read':
        return { method: 'GET', path: `/products/${operation.productId}`, headers: {} };
      case 'history': {
        const headers = { authorization: `Bearer ${tokenOf(operation.userId)}` };
        return { method: 'GET', path: `/wallet/history?limit=${PAGE_SIZE}`, headers };
      }
      case 'add': {
        const { productId, userId, key } = operation;
        return post('/cart/items', { productId, quantity: 1 }, { token: tokenOf(userId), key });
      }
      case 'place': {
        const { productId, userId, key } = operation;
        return post('/orders', { items: [{ productId, quantity: 1 }] }, { token: tokenOf(userId), key });
      }
      case 'claim': {
        const { couponId, userId, key } = operation;
        return post(`/coupons/${couponId}/claim`, {}, { token: tokenOf(userId), key });
      }
      case 'orders':
      case 'all-orders':
      case 'best-sellers':
      case undefined:
        throw new Error(`The server by hand has no ${operation?.kind ?? 'empty request'}.`);
    }
  },
};

function post(path: string, body: object, { token, key }: { token: string; key: string }): HttpRequest {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'idempotency-key': key,
  };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}
