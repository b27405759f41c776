import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/{server,main,migrate,verify}.ts'],
  platform: 'node',
  fixedExtension: false,
  // A file each, as in the source, so that stack traces name them.
  unbundle: true,
  dts: { build: true, resolver: 'tsc', entry: ['src/index.ts', 'src/server.ts'] },
  // What is packed must be what its package.json says, for the compilers and runtimes that load it.
  publint: { strict: true },
  attw: { profile: 'esm-only', level: 'error' },
});
