import { defineEntity, p } from '@mikro-orm/core';
import { DomainError } from '../errors.ts';
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
export class User extends UserSchema.class {
  /** Changes the named fields. An external id is given once: what an outside login knows must not move to somebody else. */
  change({ name, externalId }: { name?: string | undefined; externalId?: string | undefined }, now: Date): void {
    const current = this.externalId;
    if (externalId !== undefined && current != null && current !== externalId) {
      throw new DomainError('EXTERNAL_ID_SET', `User ${this.id} has the external id ${current} already.`, {
        externalId: current,
      });
    }
    this.name = name ?? this.name;
    this.externalId = externalId ?? current ?? null;
    this.updatedAt = now;
  }
}

UserSchema.setClass(User);
