import type { TRPCBuiltRouter } from '@trpc/server';
import { audit } from './audit/router.ts';
import { cart } from './carts/router.ts';
import { coupons } from './coupons/router.ts';
import { events } from './events/router.ts';
import { orders } from './orders/router.ts';
import { payments } from './payments/router.ts';
import { points } from './points/router.ts';
import { type ErrorShape, router } from './procedures.ts';
import { products } from './products/router.ts';
import { users } from './users/router.ts';

// Each feature by its name: a type that spells the procedures out would leave their comments behind.
type Routers = {
  users: typeof users;
  points: typeof points;
  products: typeof products;
  coupons: typeof coupons;
  cart: typeof cart;
  orders: typeof orders;
  payments: typeof payments;
  events: typeof events;
  audit: typeof audit;
};

const routers: Routers = { users, points, products, coupons, cart, orders, payments, events, audit };

/** Every procedure. */
export const appRouter = router(routers);

/** The router as a client sees it: without the server's context, which would draw the whole server into its types. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: true },
  Routers
>;
