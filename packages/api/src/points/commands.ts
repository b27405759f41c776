import { command, PointWallet } from '@baguni/db';
import { userNotFound } from '../users/rules.ts';
import { toPointEntryView } from './rules.ts';
import type { ChargePointsInput } from './schema.ts';

export const chargePoints = command({
  name: 'points.charge',
  load: (rows, { userId }: ChargePointsInput) => ({ wallet: rows.lock(PointWallet, { userId }) }),
  decide: ({ wallet }, { userId, amount }, changes) => {
    if (!wallet) throw userNotFound(userId);
    return toPointEntryView(wallet.charge(amount, changes));
  },
});
