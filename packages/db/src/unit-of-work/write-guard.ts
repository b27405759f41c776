import { ChangeSetType, type EntityManager, type EventSubscriber, type FlushEventArgs } from '@mikro-orm/core';

const permittedRows = new WeakMap<EntityManager, ReadonlySet<object>>();

/** From here on, this EntityManager changes and removes these rows and no others. */
export function permitChanges(em: EntityManager, rows: ReadonlySet<object>): void {
  permittedRows.set(em, rows);
}

/**
 * Refuses to flush a change of a row that was not locked first. Without the lock, the ORM's batched
 * UPDATE would overwrite what another transaction has committed since the row was read.
 */
export class WriteGuard implements EventSubscriber {
  onFlush({ em, uow }: FlushEventArgs): void {
    const permitted = permittedRows.get(em);
    for (const { entity, type, meta } of uow.getChangeSets()) {
      if (type === ChangeSetType.CREATE || permitted?.has(entity)) continue;
      throw new Error(`A ${meta.className} row was changed without a lock.`);
    }
  }
}
