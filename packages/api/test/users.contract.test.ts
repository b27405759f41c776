import { expect, test } from 'vitest';
import { openTestShop, refusal, stateOf } from './shop-for-test.ts';

test('users are listed the latest first, page by page, each exactly once', async () => {
  const engine = await openTestShop();
  for (let made = 0; made < 5; made++) await engine.admin.users.create({ name: `User ${made}` });
  const names: string[] = [];
  for await (const { name } of engine.admin.users.list({ limit: 2 })) names.push(name);
  expect(names).toEqual(['User 4', 'User 3', 'User 2', 'User 1', 'User 0']);
});

test('users are found by what their name or external id begins with', async () => {
  const engine = await openTestShop();
  await engine.admin.users.create({ name: '김민지', externalId: 'login|1' });
  await engine.admin.users.create({ name: 'Kim_Minji', externalId: 'login|2' });
  await engine.admin.users.create({ name: 'Kimberly', externalId: 'Kim%' });
  const found: Record<string, string[]> = {
    김: ['김민지'],
    민: [],
    Kim: ['Kimberly', 'Kim_Minji'],
    kim: [],
    Kim_: ['Kim_Minji'],
    'Kim%': ['Kimberly'],
    'login|': ['Kim_Minji', '김민지'],
    "'; drop table users; --": [],
  };
  for (const [search, names] of Object.entries(found)) {
    const { items } = await engine.admin.users.list({ search });
    expect(
      items.map(({ name }) => name),
      search,
    ).toEqual(names);
  }
});

test('a user gets a new name at any time and an external id once', async () => {
  const engine = await openTestShop();
  const { id: userId } = await engine.admin.users.create({ name: 'Kim' });
  const other = await engine.admin.users.create({ name: 'Lee', externalId: 'login|2' });
  expect(await engine.admin.users.update({ userId, name: 'Kim Minji' })).toMatchObject({
    name: 'Kim Minji',
    externalId: null,
  });
  expect(await refusal(engine.admin.users.update({ userId, externalId: 'login|2' }))).toMatchObject({
    reason: 'EXTERNAL_ID_TAKEN',
    details: { externalId: 'login|2' },
  });
  await engine.clock.advance({ minutes: 1 });
  expect(await engine.admin.users.update({ userId, externalId: 'login|1' })).toMatchObject({
    name: 'Kim Minji',
    externalId: 'login|1',
    updatedAt: new Date('2026-01-01T00:01:00.000Z'),
  });
  expect(await engine.admin.users.update({ userId, externalId: 'login|1' })).toMatchObject({ externalId: 'login|1' });
  const before = await stateOf(engine);
  expect(await refusal(engine.admin.users.update({ userId, externalId: 'login|3' }))).toMatchObject({
    reason: 'EXTERNAL_ID_SET',
    details: { externalId: 'login|1' },
  });
  expect(await refusal(engine.admin.users.update({ userId: other.id + 1, name: 'x' }))).toMatchObject({
    reason: 'USER_NOT_FOUND',
  });
  expect(await stateOf(engine)).toEqual(before);
});

test('of ten users that want the same external id at once, one gets it', async () => {
  const engine = await openTestShop();
  const users = await Promise.all(
    Array.from({ length: 10 }, (_, place) => engine.admin.users.create({ name: `User ${place}` })),
  );
  const ended = await Promise.allSettled(
    users.map(({ id }) => engine.admin.users.update({ userId: id, externalId: 'login|1' })),
  );
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
