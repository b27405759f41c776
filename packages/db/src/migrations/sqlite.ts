import { Migration20261121225234_shop } from './sqlite/Migration20261121225234_shop.ts';

/** Every migration of this engine, oldest first. */
export const sqliteMigrations = [Migration20261121225234_shop];
