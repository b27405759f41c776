import { command, PointWallet, User } from '@baguni/db';
import { DomainError } from '../errors.ts';
import { toUserView, userNotFound } from './rules.ts';
import type { CreateUserInput, UpdateUserInput } from './schema.ts';

export const createUser = command({
  name: 'users.create',
  load: (rows, { externalId }: CreateUserInput) => ({
    namesake: externalId === undefined ? undefined : rows.find(User, { externalId }),
  }),
  decide: ({ namesake }, { name, externalId }, changes) => {
    if (namesake && externalId !== undefined) throw externalIdTaken(externalId);
    const user = changes.add(User, { name, externalId: externalId ?? null });
    changes.add(PointWallet, { userId: user.id, balance: 0 });
    return toUserView(user);
  },
});

export const updateUser = command({
  name: 'users.update',
  load: (rows, { userId, externalId }: UpdateUserInput) => ({
    user: rows.lock(User, { id: userId }),
    namesake: externalId === undefined ? undefined : rows.find(User, { externalId }),
  }),
  decide: ({ user, namesake }, { userId, name, externalId }, { now }) => {
    if (!user) throw userNotFound(userId);
    if (externalId !== undefined && namesake && namesake.id !== userId) throw externalIdTaken(externalId);
    user.change({ name, externalId }, now);
    return toUserView(user);
  },
});

function externalIdTaken(externalId: string): DomainError {
  return new DomainError('EXTERNAL_ID_TAKEN', `Another user has the external id ${externalId}.`, { externalId });
}
