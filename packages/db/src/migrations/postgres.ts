import { Migration20261121225236_shop } from './postgres/Migration20261121225236_shop.ts';

/** Every migration of this engine, oldest first. */
export const postgresMigrations = [Migration20261121225236_shop];
