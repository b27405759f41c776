import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', postgres: 'src/postgres.ts', vitest: 'src/vitest/fixture.ts' },
  platform: 'node',
  fixedExtension: false,
  // A file each, as in the source, so that stack traces name them.
  unbundle: true,
  dts: { build: true, resolver: 'tsc' },
  // What is packed must be what its package.json says, for the compilers and runtimes that load it.
  publint: { strict: true },
  attw: { profile: 'esm-only', level: 'error' },
});
