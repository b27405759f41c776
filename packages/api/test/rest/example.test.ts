import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('../../../../examples/run.ts', import.meta.url));

test('the example with curl goes its whole way', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN, 'rest', '--memory']);
  expect(stdout).toContain('order 1, and again order 1');
  expect(stdout).toContain('"status":"PAID"');
  expect(stdout).toContain('"reason":"STOCK_INSUFFICIENT"');
  expect(stdout).toContain('to read and to try');
});
