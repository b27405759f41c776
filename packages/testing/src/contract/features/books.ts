import assert from 'node:assert/strict';
import { feature, needs } from '../behaviour.ts';

export const books = feature('Books', {
  'after all of this every balance, stock, coupon and order agrees with its history': needs('audit', async (trial) => {
    const { clean, differences, checks } = await trial.admin.audit.verify();
    assert.deepEqual(differences, []);
    assert.ok(clean && checks > 0);
  }),
});
