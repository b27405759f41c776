import { command, PointWallet } from '@baguni/db';
import { userNotFound } from '../users/rules.ts';
import { toPointEntryView } from './rules.ts';
import type { AdjustPointsInput, ChargePointsInput } from './schema.ts';

export const chargePoints = command({
  name: 'points.charge',
  load: (rows, { userId }: ChargePointsInput) => ({ wallet: rows.lock(PointWallet, { userId }) }),
  decide: ({ wallet }, { userId, amount }, changes) => {
    if (!wallet) throw userNotFound(userId);
    return toPointEntryView(wallet.charge(amount, changes));
  },
});

export const adjustPoints = command({
  name: 'points.adjust',
  load: (rows, { userId }: AdjustPointsInput) => ({ wallet: rows.lock(PointWallet, { userId }) }),
  decide: ({ wallet }, { userId, amount, reason }, changes) => {
    if (!wallet) throw userNotFound(userId);
    return toPointEntryView(wallet.adjust(amount, reason, changes));
  },
});
