import { join } from 'node:path';
import { startPostgres } from '@baguni/testing/postgres';
import { expect, inject, onTestFinished, test } from 'vitest';
import { loadedByServer, packagesOf } from './loaded.ts';

const PROGRAM = join(inject('publishedProject'), 'node_modules/@baguni/api/dist/main.js');

test('the packed server holds the packages of many small files, and loads those of an installation for the rest', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const packages = packagesOf(await loadedByServer(PROGRAM, await postgres.createDatabase()));
  for (const name of ['fastify', 'pg']) expect(packages).toContain(name);
  for (const name of ['@baguni/db', '@mikro-orm/core', '@mikro-orm/sql', 'kysely', 'zod', '@trpc/server', 'jose']) {
    expect(packages).not.toContain(name);
  }
});
