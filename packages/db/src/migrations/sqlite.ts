import { Migration20261121230325_shop } from './sqlite/Migration20261121230325_shop.ts';

/** Every migration of this engine, oldest first. */
export const sqliteMigrations = [Migration20261121230325_shop];
