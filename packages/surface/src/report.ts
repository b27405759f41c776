import { readFile, writeFile } from 'node:fs/promises';
import type { Surface } from '@baguni/api';
import { describeSurface } from './describe.ts';

/** The surface of this very source. */
export const CURRENT = new URL('../../api/surface/current.json', import.meta.url);
/** The surface of the last release, with which this one is compared. */
export const RELEASED = new URL('../../api/surface/released.json', import.meta.url);

/** What the SDK is imported as, and the file behind it. */
const SDK_PACKAGE = new URL('../../sdk/package.json', import.meta.url);

export async function readSurface(file: URL): Promise<Surface> {
  return JSON.parse(await readFile(file, 'utf8'));
}

export async function writeSurface(file: URL, surface: Surface): Promise<void> {
  await writeFile(file, print(surface));
}

/** Two spaces, one value a line: whoever reads the diff of a change sees the change. */
export function print(surface: Surface): string {
  return `${JSON.stringify(surface, null, 2)}\n`;
}

export async function currentSurface(): Promise<Surface> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(await readFile(SDK_PACKAGE, 'utf8'));
  const entries = Object.entries(exports).filter(([, file]) => /\.tsx?$/.test(file));
  return describeSurface(
    Object.fromEntries(entries.map(([name, file]) => [`@baguni/sdk${name.slice(1)}`, `sdk${file.slice(1)}`])),
  );
}
