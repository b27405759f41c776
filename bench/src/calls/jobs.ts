import { randomUUID } from 'node:crypto';
import {
  CAPPED_COUPON,
  CART_PRODUCTS,
  EXHAUSTED_COUPON,
  FIRST_HOT_COUPON,
  HOT_PRODUCT,
  LISTING_CUSTOMERS,
  PRODUCTS,
  SAVERS,
  USERS,
} from '../shop/size.ts';
import type { Operation } from './operation.ts';

/** What is asked again and again: the operation of each turn, counted from 0 over the whole life of a shop. */
type Job = (turn: number) => Operation;

const readingOne = (): Operation => ({ kind: 'read', productId: oneOf(PRODUCTS) });
const readingHistory = (): Operation => ({ kind: 'history', userId: oneOf(SAVERS) });
const adding = (): Operation => {
  // A customer keeps to a few products, so that carts stay as small as people's are.
  const userId = oneOf(USERS);
  const productId = 1 + ((userId * CART_PRODUCTS + oneOf(CART_PRODUCTS)) % PRODUCTS);
  return { kind: 'add', userId, productId, key: randomUUID() };
};
const placing = (productId: number): Operation => ({
  kind: 'place',
  userId: oneOf(USERS),
  productId,
  key: randomUUID(),
});

export const JOBS = {
  browse: () => ({ kind: 'browse' }),
  read: readingOne,
  history: readingHistory,
  orders: () => ({ kind: 'orders', userId: oneOf(LISTING_CUSTOMERS) }),
  'all-orders': () => ({ kind: 'all-orders' }),
  'best-sellers': () => ({ kind: 'best-sellers' }),
  add: adding,
  'place-spread': () => placing(oneOf(PRODUCTS)),
  'place-hot': () => placing(HOT_PRODUCT),
  // Everybody claims the same coupon; when everybody has it, the next one.
  claim: (turn) => ({
    kind: 'claim',
    userId: 1 + (turn % USERS),
    couponId: FIRST_HOT_COUPON + Math.floor(turn / USERS),
    key: randomUUID(),
    expected: 'issued',
  }),
  'claim-exhausted': () => ({
    kind: 'claim',
    userId: 1 + oneOf(USERS - 1),
    couponId: EXHAUSTED_COUPON,
    key: randomUUID(),
    expected: 'exhausted',
  }),
  /** Ends in a sold-out coupon; for counting, not for measuring. */
  'claim-capped': (turn) => ({
    kind: 'claim',
    userId: 1 + (turn % USERS),
    couponId: CAPPED_COUPON,
    key: randomUUID(),
    expected: 'either',
  }),
  /** Four of five calls read. */
  mixed: () => {
    const share = Math.random();
    if (share < 0.35) return { kind: 'browse' };
    if (share < 0.7) return readingOne();
    if (share < 0.8) return readingHistory();
    return share < 0.92 ? adding() : placing(oneOf(PRODUCTS));
  },
} as const satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;

/** What each job is called in the documents. */
export const JOB_LABELS: Readonly<Record<JobName, string>> = {
  browse: 'browse a page of 20',
  read: 'read one product',
  history: 'history of a wallet',
  orders: "a customer's orders",
  'all-orders': 'all orders, for an admin',
  'best-sellers': 'best sellers',
  add: 'add to cart',
  'place-spread': 'place an order',
  'place-hot': 'place, one hot product',
  claim: 'claim a hot coupon',
  'claim-exhausted': 'claim when sold out',
  'claim-capped': 'claim until sold out',
  mixed: 'mixed, 80 % reads',
};

export function jobOf(name: JobName): Job {
  return JOBS[name];
}

function oneOf(count: number): number {
  return 1 + Math.floor(Math.random() * count);
}
