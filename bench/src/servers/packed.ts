import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));
/** The server, and what it needs of ours. */
const PACKAGES = ['--filter', '@baguni/db', '--filter', '@baguni/api'];
const INSTALL_OPTIONS = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

const run = promisify(execFile);
let installed: Promise<URL> | undefined;

/**
 * The server as its users get it: built, packed, and installed with npm outside the workspace. That is done once a run and
 * takes half a minute; the folder goes with the process.
 */
export function packedServer(): Promise<URL> {
  installed ??= install();
  return installed;
}

async function install(): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'baguni-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [tarballs, project] = [join(folder, 'tarballs'), join(folder, 'project')];
  await Promise.all([mkdir(tarballs), mkdir(project)]);
  await run('pnpm', [...PACKAGES, 'run', 'build'], { cwd: WORKSPACE });
  await run('pnpm', ['--recursive', ...PACKAGES, 'pack', '--pack-destination', tarballs], { cwd: WORKSPACE });
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  const packed = (await readdir(tarballs)).map((name) => join(tarballs, name));
  await run('npm', ['install', ...INSTALL_OPTIONS, ...packed], { cwd: project });
  return pathToFileURL(join(project, 'node_modules', '@baguni', 'api', 'dist', 'main.js'));
}
