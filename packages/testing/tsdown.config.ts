import { defineConfig } from 'tsdown';

const ENTRY = {
  index: './src/index.ts',
  postgres: './src/postgres.ts',
  contract: './src/contract/index.ts',
  race: './src/race/race.ts',
  vitest: './src/vitest/fixture.ts',
  'fresh-database': './src/vitest/fresh-database.ts',
};
const ENGINE = /^@baguni\/(api|db)$/;
const PACKAGES_BUT_ENGINE = /^(?!\.|\/|@baguni\/(api|db)$)/;

export default defineConfig([
  {
    entry: ENTRY,
    platform: 'node',
    fixedExtension: false,
    dts: false,
    // What is packed must be what its package.json says, for the compilers and runtimes that load it.
    publint: { strict: true },
    attw: { profile: 'esm-only', level: 'error' },
  },
  {
    // The declarations hold the few types of the engine that a test sees, and refer to the SDK's and Vitest's alone, so
    // that a test compiles whatever the ORM's and the server's own declarations need.
    entry: ENTRY,
    platform: 'node',
    fixedExtension: false,
    dts: {
      emitDtsOnly: true,
      resolver: 'tsc',
      compilerOptions: { composite: false, incremental: false, rootDir: '../..', stripInternal: true },
    },
    deps: {
      alwaysBundle: [ENGINE],
      neverBundle: [PACKAGES_BUT_ENGINE],
      dts: { alwaysBundle: [ENGINE], neverBundle: [PACKAGES_BUT_ENGINE] },
    },
    treeshake: { moduleSideEffects: 'no-external' },
  },
]);
