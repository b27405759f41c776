import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestEngine } from '@baguni/testing';
import { expect, inject, test } from 'vitest';

const run = promisify(execFile);

test('the installed program lists products', async () => {
  const program = join(inject('publishedProject'), 'node_modules', '.bin', 'baguni');
  await access(program);
  await using engine = await createTestEngine();
  await engine.given.product({ name: 'Clay pot' });
  const { stdout } = await run(program, ['products', 'list', '--url', await engine.listen()]);
  expect(stdout).toMatch(/^id +name .*\n1 +Clay pot /);
});
