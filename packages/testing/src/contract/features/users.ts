import assert from 'node:assert/strict';
import { feature } from '../behaviour.ts';
import { assertRefused, NOBODY } from '../expectations.ts';

export const users = feature('Users', {
  'a customer sees who they are': async (trial) => {
    const { user, shop } = await trial.customer();
    assert.deepEqual(await shop.users.me(), user);
  },

  'an admin finds a user by id and by how the name begins': async (trial) => {
    const { user } = await trial.customer();
    assert.deepEqual(await trial.admin.users.get({ userId: user.id }), user);
    assert.deepEqual((await trial.admin.users.list({ search: user.name })).items, [user]);
    await assertRefused(trial.admin.users.get({ userId: NOBODY }), 'USER_NOT_FOUND', { userId: NOBODY });
  },

  'an external id belongs to one user and never changes': async (trial) => {
    const { user } = await trial.customer();
    const externalId = user.externalId ?? '';
    await assertRefused(trial.admin.users.create({ name: 'Another', externalId }), 'EXTERNAL_ID_TAKEN', { externalId });
    const change = trial.admin.users.update({ userId: user.id, externalId: trial.name('other') });
    await assertRefused(change, 'EXTERNAL_ID_SET', { externalId });
    assert.deepEqual(await trial.admin.users.get({ userId: user.id }), user);
  },
});
