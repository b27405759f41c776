import { fileURLToPath } from 'node:url';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, test } from 'vitest';
import { loadedByServer, packagesOf } from './loaded.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.resolve('@baguni/api')));

test('a server on Postgres loads neither SQLite nor what no request has needed yet', async () => {
  const modules = await loadedByServer(PROGRAM, await freshDatabaseUrl());
  const packages = packagesOf(modules);
  expect(packages).toContain('pg');
  for (const name of ['better-sqlite3', 'undici', 'ajv', '@fastify/cors', '@fastify/swagger-ui']) {
    expect(packages).not.toContain(name);
  }
  // It brings the HTTP client that is inside Node, and is for streams.
  expect(modules).not.toContain('@trpc/server/dist/adapters/fastify.mjs');
});
