import { expect, test } from 'vitest';
import { customerWith, openTestShop, productWith, refusal } from './shop-for-test.ts';

test('an admin finds orders by user, state and time, page by page, each exactly once', async () => {
  const engine = await openTestShop();
  const kim = await customerWith(engine, { points: 100_000 });
  const lee = await customerWith(engine);
  const tea = await productWith(engine, { stock: 100, price: 1_000 });
  const items = [{ productId: tea.id, quantity: 1 }];
  const start = engine.clock.now().getTime();
  for (let minute = 0; minute < 5; minute++) {
    await kim.shop.orders.place({ items, points: 1_000 });
    await lee.shop.orders.place({ items });
    await engine.clock.advance({ minutes: 1 });
  }
  const at = (minute: number) => new Date(start + minute * 60_000);
  const find = async (filter: NonNullable<Parameters<typeof engine.admin.orders.search>[0]>) => {
    const found: number[] = [];
    for await (const { id } of engine.admin.orders.search({ ...filter, limit: 2 })) found.push(id);
    return found;
  };

  expect(await find({})).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await find({ userId: kim.user.id })).toEqual([9, 7, 5, 3, 1]);
  expect(await find({ status: 'WAITING' })).toEqual([10, 8, 6, 4, 2]);
  expect(await find({ createdFrom: at(1), createdTo: at(3) })).toEqual([6, 5, 4, 3]);
  expect(await find({ userId: lee.user.id, status: 'WAITING', createdFrom: at(3) })).toEqual([10, 8]);
  expect(await find({ userId: kim.user.id, status: 'WAITING' })).toEqual([]);
  const [newest] = (await engine.admin.orders.search({ limit: 1 })).items;
  expect(newest).toEqual(await lee.shop.orders.get({ orderId: 10 }));
  expect(await refusal(engine.admin.orders.search({ createdFrom: at(1), createdTo: at(1) }))).toMatchObject({
    reason: 'INPUT_INVALID',
    details: { issues: [{ path: 'createdTo' }] },
  });
});
