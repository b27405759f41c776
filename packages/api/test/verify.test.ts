import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestEngine } from '@baguni/testing';
import { expect, onTestFinished, test } from 'vitest';
import { customerWith } from './shop-for-test.ts';

const PROGRAM = fileURLToPath(new URL('../src/verify.ts', import.meta.url));

function verify(databaseUrl: string, ...args: string[]): Promise<{ code: number; said: string; complained: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, '--database-url', databaseUrl, ...args],
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, said: stdout, complained: stderr }),
    );
  });
}

test('the program says what it checked of each invariant, and fails when a row differs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baguni-verify-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const databaseUrl = `sqlite:${join(folder, 'shop.db')}`;
  await using engine = await createTestEngine({ databaseUrl, auditOnClose: false });
  await customerWith(engine, { points: 100 });

  const right = await verify(databaseUrl);
  expect(right).toMatchObject({ code: 0, complained: '' });
  expect(right.said).toMatch(/^I1 {3}\d+ checks, no differences$/m);
  expect(right.said).toMatch(/^I10 {2}\d+ checks, no differences$/m);
  expect(right.said).toMatch(/^\d+ checks, no difference\.$/m);

  await engine.sql('update point_wallets set balance = 101');
  const wrong = await verify(databaseUrl);
  expect(wrong.code).toBe(1);
  expect(wrong.said).toMatch(/^I1 {3}\d+ checks, 1 differences$/m);
  expect(wrong.complained).toBe(
    'I1  point_wallets 1: The balance is not the sum of the entries. Expected 100, found 101.\n',
  );
});

test('settings that cannot be used are refused in one sentence', async () => {
  const wrong: [string, string][] = [
    ['--time-zone', 'Mars/Olympus'],
    ['--point-balance-limit', '0'],
    ['--point-balance-limit', 'many'],
    ['--point-balance-limit', '1000000000000001'],
  ];
  for (const [flag, value] of wrong) {
    const { code, complained } = await verify('sqlite::memory:', flag, value);
    expect(code, value).toBe(1);
    expect(complained, value).toMatch(new RegExp(`^${flag} \\(or [A-Z_]+\\) must [^\\n]+\\.\\n$`));
  }
});
