import { command, DomainError, User } from '@baguni/db';
import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, onTestFinished, test } from 'vitest';
import { openShop, relayEvents, type Shop, sequenceEvents } from '../src/index.ts';
import { receiverWith } from './receiver.ts';

const USERS = 8;
const CHARGES = 25;
const NEVER = 999_999;

/** Tells of something and then fails in the database, so that all of it is rolled back. */
const failingCommand = command({
  name: 'test.fail',
  load: (_rows, _input: { userId: number }) => ({}),
  decide: (_loaded, { userId }, changes) => {
    changes.emit({
      type: 'points.charged',
      aggregateType: 'wallet',
      aggregateId: userId,
      aggregateVersion: 1,
      payload: { userId, pointEntryId: 1, amount: NEVER, balanceAfter: NEVER },
    });
    changes.add(User, { name: 'Twice', externalId: 'taken' });
    return {};
  },
});

test('three relays, one stopped between sending and marking, and a receiver that fails half the time: all committed events arrive, in order, each under one id', async () => {
  const databaseUrl = await freshDatabaseUrl();
  const engine = await createTestEngine({ databaseUrl });
  const { clock } = engine;
  const shops = await Promise.all(
    [0, 1, 2].map(() =>
      openShop({
        databaseUrl,
        tokens: { secret: 'a secret that no customer of this test needs' },
        clock: () => clock.now(),
        allowPrivateEndpoints: true,
      }),
    ),
  );
  onTestFinished(async () => {
    await Promise.all(shops.map((shop) => shop.close()));
    await engine.close();
  });
  let requests = 0;
  const receiver = await receiverWith(() => (requests++ % 2 === 0 ? 503 : 200));
  await engine.admin.events.createEndpoint({ url: receiver.url, eventTypes: ['points.charged'] });
  const userIds = await Promise.all(
    Array.from({ length: USERS }, async () => (await engine.admin.users.create({ name: 'Kim' })).id),
  );
  await engine.admin.users.create({ name: 'First', externalId: 'taken' });

  const charging = Promise.all(
    userIds.map(async (userId) => {
      for (let amount = 1; amount <= CHARGES; amount++) {
        await engine.admin.points.charge({ userId, amount });
        if (amount % 8 !== 0) continue;
        const rolledBack = engine.internals.unitOfWork.execute(failingCommand, {
          input: { userId },
          actor: { kind: 'system' },
        });
        await expect(rolledBack).rejects.not.toBeInstanceOf(DomainError);
      }
    }),
  );

  // The first relay sends some forty times, and does not get as far as marking what was taken, as if it had been killed.
  let sends = 0;
  const stopped = Promise.withResolvers<void>();
  const afterSend = async ({ eventId }: { eventId: number }) => {
    const isTaken = receiver.taken.some(({ id }) => id === `evt_${eventId}`);
    if (++sends < 40 || !isTaken) return;
    stopped.resolve();
    await new Promise(() => {});
  };
  const isComplete = () => new Set(receiver.taken.map(({ id }) => id)).size === USERS * CHARGES;
  const relay = async (shop: Shop, options: Parameters<typeof relayEvents>[1]) => {
    while (!isComplete()) {
      const published = await sequenceEvents(shop);
      const sent = await relayEvents(shop, options);
      clock.jump(published + sent > 0 ? { milliseconds: 50 } : { seconds: 20 });
    }
  };
  const [first, ...others] = shops;
  if (!first) throw new Error('There are three.');
  void relay(first, { afterSend, random: () => 0 });
  await Promise.all([charging, stopped.promise, ...others.map((shop) => relay(shop, { random: () => 0 }))]);

  for (const userId of userIds) {
    const own = receiver.taken.filter(({ data }) => data.userId === userId);
    const firsts = [...new Map(own.toReversed().map((message) => [message.id, message])).values()].toReversed();
    const inOrderOfArrival = own.filter((message, place) => own.findIndex(({ id }) => id === message.id) === place);
    expect(firsts).toHaveLength(CHARGES);
    expect(inOrderOfArrival.map(({ data }) => data.amount)).toEqual(
      Array.from({ length: CHARGES }, (_, nth) => nth + 1),
    );
  }
  expect(receiver.requests.filter(({ message }) => message.data.amount === NEVER)).toEqual([]);
  // What was sent and not marked was sent again, under the id that it had.
  expect(receiver.taken.length).toBeGreaterThan(USERS * CHARGES);
  const positions = await engine.sql<{ position: string }>('select position from outbox_events order by position');
  expect(positions.map(({ position }) => Number(position))).toEqual(positions.map((_, index) => index + 1));
  expect((await engine.audit()).differences).toEqual([]);
});
