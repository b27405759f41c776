import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { beforeAll, expect, test } from 'vitest';
import configs from '../tsdown.config.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baguni-sdk-react-'));
  const [code] = Array.isArray(configs) ? configs : [configs];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  await build({ ...code, config: false, cwd, outDir: folder, publint: false, attw: false, logLevel: 'silent' });
  return () => rm(folder, { recursive: true });
});

/** What a file imports from packages, through the files of its own package. */
async function packagesUsedBy(file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const code = await readFile(join(folder, file), 'utf8');
  const imported = [...code.matchAll(/\bfrom "([^"]+)"/g)].map(([, name = '']) => name);
  const own = await Promise.all(
    imported.filter((name) => name.startsWith('./')).map((name) => packagesUsedBy(name, seen)),
  );
  return [...new Set([...imported.filter((name) => !name.startsWith('./')), ...own.flat()])].sort();
}

test('what holds React’s state says that it is for the browser, and uses the React of the application', async () => {
  expect(await readFile(join(folder, 'react.js'), 'utf8')).toMatch(/^"use client";/);
  expect(await packagesUsedBy('react.js')).toEqual(expect.arrayContaining(['@tanstack/react-query', 'react']));
});

test('the options alone may be made on a server: they hold nothing of React', async () => {
  expect(await readFile(join(folder, 'react-options.js'), 'utf8')).not.toContain('use client');
  expect(await packagesUsedBy('react-options.js')).not.toContain('react');
});

test('who does not use React loads nothing of it', async () => {
  expect((await packagesUsedBy('index.js')).filter((name) => /react/.test(name))).toEqual([]);
});
