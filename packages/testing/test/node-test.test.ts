import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const FILE = fileURLToPath(new URL('./with-node-test.ts', import.meta.url));

test('node:test runs tests with an engine each, and fails the one whose books are wrong', async () => {
  // What Vitest tells its own processes is none of this one's business.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const report = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--test', '--test-reporter=tap', FILE], { env }, (_error, stdout) => resolve(stdout));
  });
  expect(report).toMatch(/^ok 1 - a purchase takes a piece from the stock$/m);
  expect(report).toMatch(/^ok 2 - an order that nobody pays gives its piece back$/m);
  expect(report).toMatch(/^not ok 3 - wrong books fail this test$/m);
  expect(report).toContain('I1  point_wallets 1: The balance is not the sum of the entries. Expected 100, found 101.');
  expect(report).toMatch(/^# pass 2$/m);
});
