import { Migration20261121234013_shop } from './postgres/Migration20261121234013_shop.ts';

/** Every migration of this engine, oldest first. */
export const postgresMigrations = [Migration20261121234013_shop];
