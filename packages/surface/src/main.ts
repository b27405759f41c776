import { compareSurfaces } from './compare.ts';
import { CURRENT, currentSurface, RELEASED, readSurface, writeSurface } from './report.ts';

// `pnpm api-report` writes what the source says now; with `--release`, also as that with which later changes are compared.
const surface = await currentSurface();
await writeSurface(CURRENT, surface);
if (process.argv.includes('--release')) await writeSurface(RELEASED, surface);

const changes = compareSurfaces(await readSurface(RELEASED), surface);
for (const { where, what, breaking } of changes) console.log(`${breaking ? 'BREAKS' : 'adds  '}  ${where} ${what}`);
const breaks = changes.filter(({ breaking }) => breaking).length;
console.log(`${changes.length} changes since the last release, ${breaks || 'none'} of them breaking.`);
