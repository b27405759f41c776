import { configDefaults, defineConfig } from 'vitest/config';
import './packages/testing/src/vitest/context.ts';

const POSTGRES_SETUP = './packages/testing/src/vitest/postgres-setup.ts';
const CONTRACT_TESTS = 'packages/*/test/**/*.contract.test.ts';
const PUBLISHED_TESTS = 'packages/*/test/**/*.published.test.ts';
const POSTGRES_TESTS = '{packages/*,bench}/{src,test}/**/*.postgres.test.ts';

// How long a test may take before it counts as hanging. Machines differ, so this is no measure of speed.
const HANGING_MS = 60_000;

export default defineConfig({
  test: {
    testTimeout: HANGING_MS,
    hookTimeout: HANGING_MS,
    projects: [
      {
        extends: true,
        // Rules, and everything that in-memory SQLite can prove.
        test: {
          name: 'unit',
          include: [
            '{packages/*,bench}/{src,test}/**/*.test.{ts,tsx}',
            'examples/{own-tests,react}/test/**/*.test.{ts,tsx}',
          ],
          exclude: [...configDefaults.exclude, CONTRACT_TESTS, POSTGRES_TESTS, PUBLISHED_TESTS],
          provide: { engine: 'sqlite' },
        },
      },
      // One suite, two engines.
      { extends: true, test: { name: 'contract-sqlite', include: [CONTRACT_TESTS], provide: { engine: 'sqlite' } } },
      {
        extends: true,
        test: {
          name: 'contract-postgres',
          include: [CONTRACT_TESTS],
          provide: { engine: 'postgres' },
          globalSetup: POSTGRES_SETUP,
        },
      },
      {
        extends: true,
        // Claims about concurrency: in-memory SQLite has one connection and hides races.
        test: {
          name: 'postgres',
          include: [POSTGRES_TESTS],
          provide: { engine: 'postgres' },
          globalSetup: POSTGRES_SETUP,
        },
      },
      {
        extends: true,
        // The packages as they are published: built, packed, and installed outside the workspace.
        test: {
          name: 'published',
          include: [PUBLISHED_TESTS],
          globalSetup: './packages/testing/src/vitest/published-setup.ts',
          // Compilers take a core and a gigabyte each.
          maxConcurrency: 2,
        },
      },
    ],
  },
});
