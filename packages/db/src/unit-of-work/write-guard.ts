import type { EventSubscriber, FlushEventArgs } from '@mikro-orm/core';

/**
 * Refuses every flush of the ORM's own. Its batched UPDATE overwrites what another transaction has committed
 * since a row was read, so rows are written by the unit of work alone, which has locked them.
 */
export class WriteGuard implements EventSubscriber {
  onFlush({ uow }: FlushEventArgs): void {
    const [first] = uow.getChangeSets();
    if (first) throw new Error(`A ${first.meta.className} row was changed outside the unit of work.`);
  }
}
