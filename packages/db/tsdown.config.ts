import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: 'src/index.ts',
  platform: 'node',
  fixedExtension: false,
  // A file each, as in the source: stack traces name them, and no entity is renamed because another thing has its name.
  unbundle: true,
  dts: { build: true, resolver: 'tsc' },
  // What is packed must be what its package.json says, for the compilers and runtimes that load it.
  publint: { strict: true },
  attw: { profile: 'esm-only', level: 'error' },
});
