import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createTestEngine } from '../src/index.ts';
import { tellWhy } from '../src/vitest/refusals.ts';

test('an engine shows its time and what its tables hold, and nothing else of what is inside', async () => {
  const engine = await createTestEngine({ now: new Date('2026-05-01T09:00:00.000Z'), auditOnClose: false });
  await engine.given.user();
  const summary = 'sqlite; 2026-05-01T09:00:00.000Z; ';
  expect(engine.summary).toMatch(new RegExp(`^${summary}.*users 1`));
  expect(Object.keys(engine)).toEqual(['summary']);
  for (const printed of [inspect({ engine }), JSON.stringify({ engine })]) {
    expect(printed).toContain(engine.summary);
    expect(printed.length).toBeLessThan(400);
  }
  await engine.sql('drop table carts');
  expect(engine.summary).toBe(summary.slice(0, -2));
  await engine.close();
  // Runners print what a test had in its hands once it is over.
  expect(engine.summary).toBe(summary.slice(0, -2));
});

test('a refusal that ends a test tells its reason, details and request', async () => {
  await using engine = await createTestEngine();
  const refusal: unknown = await engine.given
    .order({ items: [{ productId: 99, quantity: 1 }] })
    .catch((error: unknown) => error);
  if (!(refusal instanceof Error)) throw new Error('The order was not refused.');
  const other = new Error('Something else');
  tellWhy([Object.assign(refusal), Object.assign(other)]);
  expect(refusal.message).toMatch(
    /^There is no product 99\.\n\{[^}]*reason: 'PRODUCT_NOT_FOUND',[^}]*productId: 99[^}]*\},\s+requestId: '[0-9a-f-]{36}'/,
  );
  expect(other.message).toBe('Something else');
});
