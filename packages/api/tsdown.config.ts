import { createRequire } from 'node:module';
import { defineConfig } from 'tsdown';
import { bundledLicenses } from './bundled-licenses.ts';

/**
 * What the programs hold besides our own code: packages of many small files, which take a start longer to find and to read
 * than to run. They are those that the tests ran with, and a newer one comes with a release of ours. So what is native, and
 * what speaks with the network, stays outside, where an installation can renew it: Fastify, pg, better-sqlite3, undici.
 */
const BUNDLED = [
  '@mikro-orm/core',
  '@mikro-orm/migrations',
  '@mikro-orm/postgresql',
  '@mikro-orm/sql',
  '@trpc/server',
  'copy-anything',
  'is-network-error',
  'jose',
  'kysely',
  'p-retry',
  'pg-cursor',
  'postgres-array',
  'postgres-date',
  'postgres-interval',
  'superjson',
  'zod',
];

export default defineConfig([
  {
    entry: ['src/index.ts', 'src/server.ts'],
    platform: 'node',
    fixedExtension: false,
    // A file each, as in the source, so that stack traces name them.
    unbundle: true,
    dts: { build: true, resolver: 'tsc' },
    // What is packed must be what its package.json says, for the compilers and runtimes that load it.
    publint: { strict: true },
    attw: { profile: 'esm-only', level: 'error' },
  },
  {
    // Nobody imports a program, so it need not share its packages with anybody.
    entry: ['src/{main,migrate,verify}.ts'],
    platform: 'node',
    fixedExtension: false,
    dts: false,
    // One Kysely: the ORM's declarations ask for an older one, through which no statement goes (`own-kysely.ts` of packages/db).
    alias: { kysely: createRequire(import.meta.resolve('@baguni/db')).resolve('kysely') },
    deps: {
      alwaysBundle: [/^@baguni\/db$/, ...BUNDLED.map((name) => new RegExp(`^${name}($|/)`))],
      onlyBundle: BUNDLED,
      // The ORM looks for them where it is asked to find entities by their files, or to group its loading. It never is.
      neverBundle: ['dataloader', 'tinyglobby'],
    },
    // The ORM goes by the names of classes. Chunks lie as deep as the files of a feature, so that what is beside `src` and
    // `dist` is found from both.
    outputOptions: { keepNames: true, chunkFileNames: 'programs/[name].js', comments: { jsdoc: false } },
    plugins: [bundledLicenses('programs/LICENSES.txt')],
  },
]);
