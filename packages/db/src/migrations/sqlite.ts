import { Migration20261121234354_shop } from './sqlite/Migration20261121234354_shop.ts';

/** Every migration of this engine, oldest first. */
export const sqliteMigrations = [Migration20261121234354_shop];
