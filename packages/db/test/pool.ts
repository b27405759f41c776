import { expect } from 'vitest';
import { observe } from './postgres.ts';
import type { Shop } from './shop.ts';

/** As many as the pool has: each of them can be had at once only if none has leaked. */
export const POOL_SIZE = 10;

/** Nobody is in a transaction, and everybody who wants one at once gets a connection. */
export async function expectPoolIsIdle({ database, url }: Shop): Promise<void> {
  const forks = Array.from({ length: POOL_SIZE }, () => database.fork());
  await Promise.all(forks.map((em) => em.begin()));
  await Promise.all(forks.map((em) => em.rollback()));
  const observer = await observe(url);
  expect(await observer.inTransaction()).toBe(0);
}
