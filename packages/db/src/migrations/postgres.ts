import { Migration20261121224818_shop } from './postgres/Migration20261121224818_shop.ts';

/** Every migration of this engine, oldest first. */
export const postgresMigrations = [Migration20261121224818_shop];
