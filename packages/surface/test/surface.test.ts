import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Surface } from '@baguni/api';
import { beforeAll, expect, test } from 'vitest';
import { isMajorPending } from '../src/changesets.ts';
import { compareSurfaces } from '../src/compare.ts';
import { CURRENT, currentSurface, print, RELEASED, readSurface } from '../src/report.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let surface: Surface;
beforeAll(async () => {
  surface = await currentSurface();
});

test('the report that is committed is what the source says', async () => {
  const committed = await readFile(CURRENT, 'utf8');
  expect(print(surface), 'The surface has changed: run `pnpm api-report`, read its diff and commit it.').toBe(
    committed,
  );
});

test('nothing is removed or narrowed since the last release, unless a changeset says major', async () => {
  const breaks = compareSurfaces(await readSurface(RELEASED), surface).filter(({ breaking }) => breaking);
  const isAnnounced = await isMajorPending(ROOT);
  const advice = 'This breaks callers: take it back, or announce it with `pnpm changeset` as major for @baguni/sdk.';
  expect(isAnnounced ? [] : breaks.map(({ where, what }) => `${where} ${what}`), advice).toEqual([]);
});

test('every procedure says what it does, and every reason what to do', () => {
  for (const [path, { description }] of Object.entries(surface.procedures)) expect(description, path).toMatch(/\.$/);
  for (const [reason, { description }] of Object.entries(surface.reasons)) expect(description, reason).toMatch(/\.$/);
});

test('the shapes carry their comments and those of their fields', () => {
  expect(surface.types.OrderView?.description).toBe('A purchase.');
  expect(surface.types.CouponView?.properties?.startsAt?.description).toBe(
    'When it can first be claimed; `null` for at once.',
  );
});
