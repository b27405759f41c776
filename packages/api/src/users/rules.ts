import type { Row, User } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { UserView } from './schema.ts';

export function toUserView({ id, name, externalId, createdAt, updatedAt }: Row<User>): UserView {
  return { id, name, externalId: externalId ?? null, createdAt, updatedAt };
}

export function userNotFound(userId: number): DomainError {
  return new DomainError('USER_NOT_FOUND', `There is no user ${userId}.`, { userId });
}
