import { defineConfig } from 'tsdown';

const PACKAGES_OF_OTHERS = /^(?!\.|\/|@baguni\/)/;

const ENTRIES = ['src/index.ts', 'src/webhooks.ts', 'src/opentelemetry.ts'];

export default defineConfig([
  { entry: ENTRIES, platform: 'neutral', dts: false },
  {
    // One declaration file that holds the router's types as well, so that the server's packages need not be installed.
    entry: ENTRIES,
    platform: 'neutral',
    dts: { emitDtsOnly: true, build: true, resolver: 'tsc' },
    deps: { neverBundle: [PACKAGES_OF_OTHERS], dts: { neverBundle: [PACKAGES_OF_OTHERS] } },
    // Else what only the server imports stays behind as bare imports.
    treeshake: { moduleSideEffects: 'no-external' },
  },
]);
