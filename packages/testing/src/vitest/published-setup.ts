import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import './context.ts';

const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));
/** What the samples of the READMEs import besides. */
const OTHERS = ['vitest', '@types/node', '@opentelemetry/api'];
const INSTALL_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--fetch-retries=5'];

const run = promisify(execFile);

/**
 * Builds and packs the packages, and installs them with npm in an empty project outside the workspace, as a stranger
 * would. It takes a while, so all tests of the published form share the project; each writes files of its own.
 */
export async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'baguni-published-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    vitest.provide('publishedProject', await installIn(folder));
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

async function installIn(folder: string): Promise<string> {
  const [tarballs, project] = [join(folder, 'tarballs'), join(folder, 'project')];
  await Promise.all([mkdir(tarballs), mkdir(project)]);
  await run('pnpm', ['--recursive', 'run', 'build'], { cwd: WORKSPACE });
  const packages = ['--recursive', '--filter', './packages/*', '--filter', '!@baguni/surface'];
  await run('pnpm', [...packages, 'pack', '--pack-destination', tarballs], { cwd: WORKSPACE });
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  const packed = (await readdir(tarballs)).map((name) => join(tarballs, name));
  const others = await Promise.all(OTHERS.map(async (name) => `${name}@${await versionOf(name)}`));
  const install = () => run('npm', ['install', ...INSTALL_OPTIONS, ...packed, ...others], { cwd: project });
  // The registry is not what is tested here, and a second try finds most of it in npm's cache.
  await install().catch(install);
  return project;
}

/** The version that the workspace uses itself. */
async function versionOf(name: string): Promise<string> {
  const catalog = await readFile(join(WORKSPACE, 'pnpm-workspace.yaml'), 'utf8');
  const [, version] = new RegExp(`^ {2}"?${name}"?: (\\S+)$`, 'm').exec(catalog) ?? [];
  if (version === undefined) throw new Error(`The catalog does not name ${name}.`);
  return version;
}
