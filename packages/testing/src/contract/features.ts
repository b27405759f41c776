import type { Feature } from './behaviour.ts';
import { authorization } from './features/authorization.ts';
import { books } from './features/books.ts';
import { carts } from './features/carts.ts';
import { concurrency } from './features/concurrency.ts';
import { coupons } from './features/coupons.ts';
import { errors } from './features/errors.ts';
import { events } from './features/events.ts';
import { holds } from './features/holds.ts';
import { idempotency } from './features/idempotency.ts';
import { input } from './features/input.ts';
import { orders } from './features/orders.ts';
import { payments } from './features/payments.ts';
import { products } from './features/products.ts';
import { refunds } from './features/refunds.ts';
import { users } from './features/users.ts';
import { versions } from './features/versions.ts';
import { wallets } from './features/wallets.ts';

/** Everything that is promised. The books come last, when all others have written to them. */
export const FEATURES: readonly Feature[] = [
  users,
  wallets,
  products,
  coupons,
  carts,
  orders,
  holds,
  payments,
  refunds,
  events,
  idempotency,
  versions,
  authorization,
  input,
  errors,
  concurrency,
  books,
];
