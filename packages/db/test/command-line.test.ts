import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLI = join(ROOT, 'node_modules/@mikro-orm/cli/cli.js');

test('the ORM’s own command line migrates a database and finds nothing left to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baguni-migrate-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const environment = { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'shop.db')}` };
  const mikroOrm = async (command: string) => {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, command], { cwd: ROOT, env: environment });
    return stdout;
  };
  expect(await mikroOrm('migration:up')).toContain('Successfully migrated');
  expect(await mikroOrm('migration:pending')).toContain('No pending migrations');
  expect(await mikroOrm('migration:check')).toContain('schema is up-to-date');
});
