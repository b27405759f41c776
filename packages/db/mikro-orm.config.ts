import { engineFromUrl } from './src/engines/from-url.ts';
import { ormOptions } from './src/orm-options.ts';

// For `pnpm mikro-orm …`: DATABASE_URL chooses the engine, as it does for the server.
const config: object = ormOptions(await engineFromUrl(process.env.DATABASE_URL ?? 'sqlite::memory:'));

export default config;
