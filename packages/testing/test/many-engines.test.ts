import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('many-engines.ts', import.meta.url));

test('a thousand engines one after another, half of them forks, leave neither memory nor handles behind', {
  timeout: 180_000,
}, async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', PROGRAM]);
  const { few, many } = JSON.parse(stdout);
  // Compiled code grows a little meanwhile; an engine that was not let go of would be ten times as much.
  expect((many.memory - few.memory) / 800).toBeLessThan(4_096);
  expect(many.handles).toEqual(few.handles);
});
