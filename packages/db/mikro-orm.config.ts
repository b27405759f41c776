import { engineFromUrl } from './src/engines/from-url.ts';
import { ormOptions } from './src/orm-options.ts';

// For `pnpm mikro-orm …`: DATABASE_URL chooses the engine, as it does for the server.
const { migrations, ...options } = ormOptions(engineFromUrl(process.env.DATABASE_URL ?? 'sqlite::memory:'));
const { migrationsList, ...folder } = migrations ?? {};

const config: object = { ...options, migrations: { ...folder, path: folder.pathTs } };

export default config;
