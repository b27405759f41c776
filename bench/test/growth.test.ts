import { expect, test } from 'vitest';
import { PAGE_SIZE } from '../src/calls/operation.ts';
import { customersOf } from '../src/growth/orders.ts';
import { LISTING_CUSTOMERS, USERS } from '../src/shop/size.ts';

// A shop in which the pages are shorter would only seem to be faster.
test.each([1_000, 100_000, 1_000_000])('of %d orders every customer has more than fills a page', (orders) => {
  const customers = customersOf(orders);

  expect(Math.floor(orders / customers)).toBeGreaterThan(PAGE_SIZE);
  expect(customers).toBeGreaterThanOrEqual(LISTING_CUSTOMERS);
  expect(customers).toBeLessThanOrEqual(USERS);
});
