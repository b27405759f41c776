import { defineEntity, p } from '@mikro-orm/core';
import { id, timestamps } from './columns.ts';

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: id(),
    name: p.string().length(100),
    externalId: p.string().length(255).nullable().unique('users_external_id_unique'),
    ...timestamps,
  },
});

/** Somebody who shops. `externalId` is the id that the app's own login gives. */
export class User extends UserSchema.class {}

UserSchema.setClass(User);
