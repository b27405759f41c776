import { createTestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { createClient } from '../src/index.ts';

test('a quote of as many lines as an order may have reaches a server on a port, alone and beside short queries', async () => {
  await using engine = await createTestEngine();
  const url = await engine.listen();
  const products = await engine.admin.products.createMany({
    products: Array.from({ length: 100 }, (_, nth) => ({ name: `Pot ${nth}`, price: 1_000_000_000, quantity: 10_000 })),
  });
  const user = await engine.given.user();
  const asked: string[] = [];
  const shop = createClient({
    url,
    token: await engine.tokenOf(user),
    fetch: (address, init) => {
      asked.push(address);
      return fetch(address, init);
    },
  });
  const items = products.map(({ id: productId }) => ({ productId, quantity: 10_000 }));

  expect(await shop.orders.quote({ items })).toMatchObject({ totalAmount: 100 * 1_000_000_000 * 10_000 });
  expect(asked[0]?.length).toBeGreaterThan(4_000);

  const [short, long, other] = await Promise.all([
    shop.orders.quote({ items: items.slice(0, 1) }),
    shop.orders.quote({ items }),
    shop.users.me(),
  ]);
  expect([short.items.length, long.items.length, other.id]).toEqual([1, 100, user.id]);
  expect(asked).toHaveLength(3);
});
