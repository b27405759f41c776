import type { EntityClass } from '@mikro-orm/core';
import type { NewEvent } from '../events.ts';
import type { Derived } from '../read-rows.ts';
import type { Circumstances } from '../settings.ts';

/** What the database or the unit of work fills in when a row is added. */
type Filled = 'id' | 'createdAt' | 'updatedAt' | 'version';

/** The columns of an entity, without its methods and what is derived from its columns. */
export type Fields<Entity> = {
  [Key in keyof Entity as Key extends symbol | Filled | Derived
    ? never
    : Entity[Key] extends (...args: never[]) => unknown
      ? never
      : Key]: Entity[Key];
};

/** How a decision changes the shop. Nothing of it counts unless the decision returns. */
export interface Changes extends Circumstances {
  /** Adds a row and gives it its id, version and times. */
  add<Entity extends object>(type: EntityClass<Entity>, fields: Fields<Entity>): Entity;
  /** Removes a row that the decision has loaded with a lock. */
  remove(entity: object): void;
  /** Tells those outside, once the change is committed. */
  emit(event: NewEvent): void;
}
