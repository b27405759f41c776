import { command, DomainError, PointWallet } from '@baguni/db';
import { expect, onTestFinished, test } from 'vitest';
import { createTestEngine, EngineAuditError } from '../src/index.ts';
import { freshDatabaseUrl } from '../src/vitest/fresh-database.ts';

const CHANGED_FIRST = /refused with POINT_BALANCE_LIMIT after it had changed PointWallet/;

/** Wrong on purpose: it changes the wallet before it has checked everything. */
function fillThenRefuse(wallet: PointWallet): never {
  wallet.balance += 1_000;
  throw new DomainError('POINT_BALANCE_LIMIT', 'A wallet holds at most 500 points.', { limit: 500, balance: 0 });
}

const fillWallet = command({
  name: 'test.fillWallet',
  load: (rows, input: { userId: number }) => ({ wallet: rows.lock(PointWallet, { userId: input.userId }) }),
  decide: ({ wallet }) => {
    if (wallet) fillThenRefuse(wallet);
  },
});

async function openEngine() {
  const engine = await createTestEngine({ databaseUrl: await freshDatabaseUrl() });
  const user = await engine.given.user();
  return { engine, userId: user.id };
}

test('a refused command that has changed a row fails, says which, and leaves nothing behind', async () => {
  const { engine, userId } = await openEngine();
  const { unitOfWork } = engine.internals;
  const filled = unitOfWork.execute(fillWallet, { input: { userId }, actor: { kind: 'system' } });
  await expect(filled).rejects.toThrow(CHANGED_FIRST);
  expect(await engine.customer({ id: userId }).points.balance()).toMatchObject({ balance: 0 });
  await engine.close();
});

test('behind a procedure it is an internal error, and the engine does not close without naming it', async () => {
  const { engine, userId } = await openEngine();
  const adjust = Object.getOwnPropertyDescriptor(PointWallet.prototype, 'adjust') ?? {};
  onTestFinished(() => {
    Object.defineProperty(PointWallet.prototype, 'adjust', adjust);
  });
  Object.defineProperty(PointWallet.prototype, 'adjust', {
    configurable: true,
    value(this: PointWallet) {
      fillThenRefuse(this);
    },
  });
  const adjusted = engine.admin.points.adjust({ userId, amount: 1, reason: 'A gift' });
  await expect(adjusted).rejects.toMatchObject({ reason: 'INTERNAL' });
  const failure = await engine.close().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EngineAuditError);
  expect(String(failure)).toMatch(CHANGED_FIRST);
});
