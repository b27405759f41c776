import { createTestEngine } from '@baguni/testing';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { type Outcome, race } from '@baguni/testing/race';
import { expect, onTestFinished, test, vi } from 'vitest';

const TIMERS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
const settings = TIMERS.map((timer) => `current_setting('${timer}') as ${timer}`).join();

function answerOf(outcome: Outcome): unknown {
  return outcome.status === 'answered' ? outcome.answer : outcome.error;
}

test('however long a race holds a transaction up, no timer of the server ends it', async () => {
  const databaseUrl = await freshDatabaseUrl();
  await using engine = await createTestEngine({ databaseUrl });
  const [elsewhere] = await engine.sql(`select ${settings}`);
  expect(Object.values(elsewhere ?? {})).not.toContain('0');

  const report = await race({
    databaseUrl,
    given: async () => undefined,
    operations: {
      // Two transactions at once, so that each has a connection of its own.
      left: ({ engine: { internals } }) =>
        internals.database
          .fork()
          .transactional(async (em) => [
            ...(await em.execute<object[]>(`select ${settings}`)),
            ...(await internals.database.fork().execute<object[]>(`select ${settings}`)),
          ]),
    },
    check: ({ outcomes: { left } }) => {
      const none = Object.fromEntries(TIMERS.map((timer) => [timer, '0']));
      expect(answerOf(left)).toEqual([none, none]);
    },
  });

  report.assertSafe();
  expect(report.schedules).toBe(1);
});

test('however long a race holds a call of a provider up, no deadline of the shop ends it', async () => {
  const deadlines = vi.spyOn(AbortSignal, 'timeout');
  onTestFinished(() => deadlines.mockRestore());
  const report = await race({
    databaseUrl: await freshDatabaseUrl(),
    given: async (engine) => {
      const user = await engine.given.user();
      return { user, order: await engine.given.order({ user }) };
    },
    operations: {
      left: ({ engine, given: { user, order } }) =>
        engine
          .customer(user)
          .payments.pay({ orderId: order.id, method: 'test' })
          .then(({ status }) => status),
    },
  });

  report.assertSafe();
  expect(report.endings).toEqual({ 'left PAID': 1 });
  expect(Math.min(...deadlines.mock.calls.flat())).toBeGreaterThanOrEqual(600_000);
});
