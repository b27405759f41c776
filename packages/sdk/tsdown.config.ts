import { defineConfig } from 'tsdown';

const PACKAGES_OF_OTHERS = /^(?!\.|\/|@baguni\/)/;

export default defineConfig([
  { entry: 'src/index.ts', platform: 'neutral', dts: false },
  {
    // One declaration file that holds the router's types as well, so that the server's packages need not be installed.
    entry: 'src/index.ts',
    platform: 'neutral',
    dts: { emitDtsOnly: true, build: true, resolver: 'tsc' },
    deps: { neverBundle: [PACKAGES_OF_OTHERS], dts: { neverBundle: [PACKAGES_OF_OTHERS] } },
    // Else what only the server imports stays behind as bare imports.
    treeshake: { moduleSideEffects: 'no-external' },
  },
]);
