import { DomainError } from '../errors.ts';

/** What each aggregate root has: a version that a client may hold against the current one. */
export interface Versioned {
  version: number;
  updatedAt: Date;
}

// The ORM raises a version once a flush. Here many commands share a flush and each of them must see
// the version that the one before it left, so the entity's own methods raise it.
export function raiseVersion(entity: Versioned, now: Date): void {
  entity.version += 1;
  entity.updatedAt = now;
}

/** Refuses with `VERSION_CONFLICT` when the client names a version and it is not the current one. */
export function assertVersion(entity: Pick<Versioned, 'version'>, expectedVersion: number | undefined): void {
  if (expectedVersion === undefined || expectedVersion === entity.version) return;
  throw new DomainError(
    'VERSION_CONFLICT',
    `Expected version ${expectedVersion}, but the current version is ${entity.version}.`,
    { expectedVersion, currentVersion: entity.version },
  );
}
