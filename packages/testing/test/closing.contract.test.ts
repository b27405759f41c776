import { expect, test } from 'vitest';
import { createTestEngine, EngineAuditError, type TestEngineOptions } from '../src/index.ts';
import { freshDatabaseUrl } from '../src/vitest/fresh-database.ts';

async function openEngine(options: TestEngineOptions = {}) {
  return createTestEngine({ databaseUrl: await freshDatabaseUrl(), ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('an engine whose books are right closes, twice if it is told so', async () => {
  const engine = await openEngine();
  await engine.given.order({ points: 'all' });
  await engine.close();
  await engine.close();
});

test('an engine whose books are wrong does not close without saying which rows differ, and how', async () => {
  const engine = await openEngine();
  await engine.given.user({ points: 100 });
  await engine.given.product({ stock: 3 });
  await engine.sql('update point_wallets set balance = 101');
  await engine.sql('update stocks set quantity = 4');
  const failure = await failureOf(engine.close());
  expect(failure).toBeInstanceOf(EngineAuditError);
  expect(String(failure)).toBe(
    [
      'EngineAuditError: The books are wrong:',
      '  I1  point_wallets 1: The balance is not the sum of the entries. Expected 100, found 101.',
      '  I2  stocks 1: The quantity is not the sum of the entries. Expected 3, found 4.',
      "  I2  products 1: The quantity is not the stock's. Expected 4, found 3.",
    ].join('\n'),
  );
});

test('wrong books fail a test that leaves its engine to "await using"', async () => {
  const run = async () => {
    await using engine = await openEngine();
    await engine.given.user({ points: 100 });
    await engine.sql('update point_wallets set balance = 101');
  };
  await expect(run()).rejects.toThrow(/I1 {2}point_wallets 1/);
});

test('what failed inside an engine fails its end, unless the test has looked', async () => {
  const failed = async () => {
    const engine = await openEngine();
    await engine.sql('alter table products rename column name to title');
    await expect(engine.given.product()).rejects.toMatchObject({ reason: 'INTERNAL' });
    return engine;
  };
  expect(String(await failureOf((await failed()).close()))).toMatch(
    /^EngineAuditError: Something failed inside the engine, and nobody looked at engine\.internalErrors:\n.*name/s,
  );
  const looked = await failed();
  expect(looked.internalErrors.length).toBeGreaterThan(0);
  await looked.close();
});

test('an engine that plants wrong rows says so, and closes', async () => {
  const engine = await openEngine({ auditOnClose: false });
  await engine.given.user({ points: 100 });
  await engine.sql('update point_wallets set balance = 101');
  await engine.close();
});
