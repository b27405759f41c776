import type { AnyTRPCProcedure } from '@trpc/server';
import type { AppRouter } from '../router.ts';

/** Where the REST paths begin. */
export const REST_PATH = '/api';
/** Where the description of the API is. */
export const OPENAPI_PATH = '/openapi.json';

/** Whether a path belongs to the REST API. */
export function isRestPath(path: string): boolean {
  return path === OPENAPI_PATH || path.startsWith(`${REST_PATH}/`);
}

type Path = `/${string}`;

type RouteOf<Procedure extends AnyTRPCProcedure> = {
  // A query whose input is a list of lines does not fit into a URL.
  query: `${'GET' | 'POST'} ${Path}`;
  mutation: `${'POST' | 'PUT' | 'PATCH' | 'DELETE'} ${Path}`;
  subscription: `GET ${Path}`;
}[Procedure['_def']['type']];

type RoutesOf<Procedures> = {
  readonly [Name in keyof Procedures]: Procedures[Name] extends AnyTRPCProcedure
    ? RouteOf<Procedures[Name]>
    : RoutesOf<Procedures[Name]>;
};

/**
 * Where each procedure is found by those who call without the SDK. What stands in braces is a field of its input; the
 * other fields come with the query string of GET and DELETE, and in the body of the rest.
 * The compiler compares it with the router: it names every procedure.
 */
export const ROUTES: RoutesOf<AppRouter['_def']['record']> = {
  users: {
    create: 'POST /users',
    get: 'GET /users/{userId}',
    list: 'GET /users',
    update: 'PATCH /users/{userId}',
    me: 'GET /users/me',
  },
  points: {
    charge: 'POST /points/charges',
    buy: 'POST /points/purchases',
    adjust: 'POST /points/adjustments',
    balance: 'GET /points/balance',
    history: 'GET /points/history',
  },
  products: {
    create: 'POST /products',
    createMany: 'POST /products/bulk',
    update: 'PATCH /products/{productId}',
    adjustStock: 'POST /products/{productId}/stock-adjustments',
    adjustStocks: 'POST /products/stock-adjustments',
    setStatus: 'PUT /products/{productId}/status',
    get: 'GET /products/{productId}',
    list: 'GET /products',
    bestSellers: 'GET /products/best-sellers',
  },
  coupons: {
    create: 'POST /coupons',
    update: 'PATCH /coupons/{couponId}',
    issueTo: 'POST /coupons/{couponId}/issues',
    revoke: 'POST /user-coupons/{userCouponId}/revoke',
    get: 'GET /coupons/{couponId}',
    list: 'GET /coupons',
    claim: 'POST /coupons/{couponId}/claim',
    mine: 'GET /user-coupons',
  },
  cart: {
    get: 'GET /cart',
    addItem: 'POST /cart/items',
    setQuantity: 'PUT /cart/items/{productId}',
    removeItem: 'DELETE /cart/items/{productId}',
    clear: 'DELETE /cart/items',
  },
  orders: {
    place: 'POST /orders',
    quote: 'POST /orders/quote',
    cancel: 'POST /orders/{orderId}/cancel',
    get: 'GET /orders/{orderId}',
    list: 'GET /orders',
    search: 'GET /orders/search',
    stream: 'GET /orders/stream',
  },
  payments: {
    get: 'GET /orders/{orderId}/payments',
    pay: 'POST /orders/{orderId}/payments',
    refund: 'POST /orders/{orderId}/refunds',
  },
  events: {
    list: 'GET /events',
    stream: 'GET /events/stream',
    createEndpoint: 'POST /event-endpoints',
    listEndpoints: 'GET /event-endpoints',
    disableEndpoint: 'POST /event-endpoints/{endpointId}/disable',
    enableEndpoint: 'POST /event-endpoints/{endpointId}/enable',
    deliveries: 'GET /event-deliveries',
    replay: 'POST /event-endpoints/{endpointId}/replays',
  },
  audit: { verify: 'GET /audit' },
};
