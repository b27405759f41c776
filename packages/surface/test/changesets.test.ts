import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isMajorPending } from '../src/changesets.ts';

async function rootWith(...releases: string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'baguni-changesets-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, '.changeset'));
  for (const [index, release] of releases.entries()) {
    await writeFile(join(root, '.changeset', `change-${index}.md`), `---\n${release}\n---\n\nSomething changed.\n`);
  }
  return root;
}

test('a break is announced by a major of the SDK or the API that waits for its release', async () => {
  expect(await isMajorPending(await rootWith())).toBe(false);
  expect(await isMajorPending(await rootWith('"@baguni/sdk": minor'))).toBe(false);
  expect(await isMajorPending(await rootWith('"@baguni/testing": major'))).toBe(false);
  expect(await isMajorPending(await rootWith('"@baguni/db": patch', '"@baguni/sdk": major'))).toBe(true);
  expect(await isMajorPending(await rootWith('"@baguni/api": major'))).toBe(true);
});
