import { defineConfig } from 'tsdown';

const PACKAGES_OF_OTHERS = /^(?!\.|\/|@baguni\/)/;
const PACKAGES_OF_OTHERS_BUT_TRPC = /^(?!\.|\/|@baguni\/|@trpc\/)/;

export default defineConfig([
  {
    entry: ['src/index.ts', 'src/trpc.ts'],
    platform: 'neutral',
    dts: false,
    // What is packed must be what its package.json says, for the compilers and runtimes that load it.
    publint: { strict: true },
    attw: { profile: 'esm-only', level: 'error' },
  },
  {
    // One declaration file that holds the router's types, so that the server's packages need not be installed,
    // and those types of tRPC that they are written with, because tRPC's own declarations need skipLibCheck.
    entry: 'src/index.ts',
    platform: 'neutral',
    dts: { emitDtsOnly: true, build: true, resolver: 'tsc' },
    deps: {
      neverBundle: [PACKAGES_OF_OTHERS_BUT_TRPC],
      onlyBundle: ['@trpc/client', '@trpc/server'],
      dts: { alwaysBundle: [/^@trpc\//], neverBundle: [PACKAGES_OF_OTHERS_BUT_TRPC] },
    },
    // Else what only the server imports stays behind as bare imports.
    treeshake: { moduleSideEffects: 'no-external' },
  },
  {
    // Here the types of tRPC are its own, so that they fit whatever else is built on it.
    entry: 'src/trpc.ts',
    platform: 'neutral',
    dts: { emitDtsOnly: true, build: true, resolver: 'tsc' },
    deps: { neverBundle: [PACKAGES_OF_OTHERS], dts: { neverBundle: [PACKAGES_OF_OTHERS] } },
    treeshake: { moduleSideEffects: 'no-external' },
  },
]);
