import { type FastifyInstance, fastify } from 'fastify';
import { Authenticator } from './authenticator.ts';
import { addToCart } from './carts.ts';
import { claimCoupon } from './coupons.ts';
import { openPool } from './database.ts';
import { type OrderLine, placeOrder } from './orders.ts';
import { startPublishing } from './outbox.ts';
import { getProduct, listProducts } from './products.ts';
import { Refusal } from './refusal.ts';
import {
  type IdParams,
  idParams,
  type KeyHeaders,
  keyHeaders,
  orderBody,
  orderLine,
  type PageQuery,
  page,
  pageQuery,
  pointEntry,
  product,
} from './shapes.ts';
import { readWalletHistory } from './wallets.ts';

const BODY_BYTES_MAX = 64 * 1024;

/** A shop's API as a careful engineer writes it for one shop, without an ORM, a unit of work or tRPC. */
export function createServer({ databaseUrl, jwtSecret }: { databaseUrl: string; jwtSecret: string }): FastifyInstance {
  const pool = openPool(databaseUrl);
  const authenticator = new Authenticator(pool, jwtSecret);
  const stopPublishing = startPublishing(pool);
  const app = fastify({ logger: { level: 'warn' }, bodyLimit: BODY_BYTES_MAX });

  app.get('/healthz', () => ({ status: 'ok' }));

  app.get<{ Params: IdParams }>(
    '/products/:id',
    { schema: { params: idParams, response: { 200: product } } },
    ({ params }) => getProduct(pool, params.id),
  );
  app.get<{ Querystring: PageQuery }>(
    '/products',
    { schema: { querystring: pageQuery, response: { 200: page(product) } } },
    ({ query }) => listProducts(pool, query.limit, query.cursor),
  );
  app.get<{ Querystring: PageQuery }>(
    '/wallet/history',
    { schema: { querystring: pageQuery, response: { 200: page(pointEntry) } } },
    async ({ query, headers }) => {
      const userId = await authenticator.customer(headers.authorization);
      return readWalletHistory(pool, userId, query.limit, query.cursor);
    },
  );
  app.post<{ Body: OrderLine; Headers: KeyHeaders }>(
    '/cart/items',
    { schema: { body: orderLine, headers: keyHeaders } },
    async ({ body, headers }) => {
      const userId = await authenticator.customer(headers.authorization);
      return addToCart(pool, userId, body, headers['idempotency-key']);
    },
  );
  app.post<{ Body: { items: OrderLine[] }; Headers: KeyHeaders }>(
    '/orders',
    { schema: { body: orderBody, headers: keyHeaders } },
    async ({ body: { items }, headers }) => {
      const userId = await authenticator.customer(headers.authorization);
      return placeOrder(pool, { userId, items, idempotencyKey: headers['idempotency-key'] });
    },
  );
  app.post<{ Params: IdParams; Headers: KeyHeaders }>(
    '/coupons/:id/claim',
    { schema: { params: idParams, headers: keyHeaders } },
    async ({ params, headers }) => {
      const userId = await authenticator.customer(headers.authorization);
      return claimCoupon(pool, userId, params.id, headers['idempotency-key']);
    },
  );

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Refusal) {
      return reply.code(error.status).send({ error: { reason: error.reason, message: error.message } });
    }
    if (error instanceof Error && 'validation' in error) {
      return reply.code(400).send({ error: { reason: 'INPUT_INVALID', message: error.message } });
    }
    request.log.error(error);
    return reply.code(500).send({ error: { reason: 'INTERNAL', message: 'Something failed inside the server.' } });
  });
  app.addHook('onClose', async () => {
    await stopPublishing();
    await pool.end();
  });
  return app;
}
