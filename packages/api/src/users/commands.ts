import { command, PointWallet, User } from '@baguni/db';
import { DomainError } from '../errors.ts';
import { toUserView } from './rules.ts';
import type { CreateUserInput } from './schema.ts';

export const createUser = command({
  name: 'users.create',
  load: (rows, { externalId }: CreateUserInput) => ({
    namesake: externalId === undefined ? undefined : rows.find(User, { externalId }),
  }),
  decide: ({ namesake }, { name, externalId }, changes) => {
    if (namesake && externalId !== undefined) {
      throw new DomainError('EXTERNAL_ID_TAKEN', `Another user has the external id ${externalId}.`, { externalId });
    }
    const user = changes.add(User, { name, externalId: externalId ?? null });
    changes.add(PointWallet, { userId: user.id, balance: 0 });
    return toUserView(user);
  },
});
