import { configDefaults, defineConfig } from 'vitest/config';
import './packages/testing/src/vitest/context.ts';

const POSTGRES_SETUP = './packages/testing/src/vitest/postgres-setup.ts';
const CONTRACT_TESTS = 'packages/*/test/**/*.contract.test.ts';
const POSTGRES_TESTS = 'packages/*/{src,test}/**/*.postgres.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        // Rules, and everything that in-memory SQLite can prove.
        test: {
          name: 'unit',
          include: ['packages/*/{src,test}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, CONTRACT_TESTS, POSTGRES_TESTS],
          provide: { engine: 'sqlite' },
        },
      },
      // One suite, two engines.
      { test: { name: 'contract-sqlite', include: [CONTRACT_TESTS], provide: { engine: 'sqlite' } } },
      {
        test: {
          name: 'contract-postgres',
          include: [CONTRACT_TESTS],
          provide: { engine: 'postgres' },
          globalSetup: POSTGRES_SETUP,
        },
      },
      {
        // Claims about concurrency: in-memory SQLite has one connection and hides races.
        test: {
          name: 'postgres',
          include: [POSTGRES_TESTS],
          provide: { engine: 'postgres' },
          globalSetup: POSTGRES_SETUP,
        },
      },
    ],
  },
});
