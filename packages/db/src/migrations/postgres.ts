import { Migration20261121234355_shop } from './postgres/Migration20261121234355_shop.ts';

/** Every migration of this engine, oldest first. */
export const postgresMigrations = [Migration20261121234355_shop];
