import { defineEntity, p } from '@mikro-orm/core';
import { DomainError } from '../errors.ts';
import type { Changes } from '../unit-of-work/changes.ts';
import { amount, id, timestamps, version } from './columns.ts';
import { PointEntry, type PointEntryType } from './point-entry.ts';
import { User } from './user.ts';
import { raiseVersion } from './versioned.ts';

const PointWalletSchema = defineEntity({
  name: 'PointWallet',
  tableName: 'point_wallets',
  properties: {
    id: id(),
    userId: () => p.oneToOne(User).mapToPk().joinColumn('user_id').unique('point_wallets_user_id_unique'),
    balance: amount(),
    version: version(),
    ...timestamps,
  },
  checks: [{ name: 'point_wallets_balance_check', expression: 'balance >= 0' }],
});

/** The points of one user. Each change of the balance writes its entry with it; there is no other way to change it. */
export class PointWallet extends PointWalletSchema.class {
  charge(points: number, changes: Changes): PointEntry {
    const balance = this.balance + points;
    const limit = changes.settings.pointBalanceMax;
    if (balance > limit) {
      throw new DomainError(
        'POINT_BALANCE_LIMIT',
        `A wallet holds at most ${limit} points; this one has ${this.balance}.`,
        { limit, balance: this.balance },
      );
    }
    return this.record('CHARGE', points, null, changes);
  }

  assertCovers(points: number): void {
    if (points <= this.balance) return;
    throw new DomainError('POINTS_INSUFFICIENT', `Needs ${points} points, has ${this.balance}.`, {
      requested: points,
      available: this.balance,
    });
  }

  use(points: number, orderId: number, changes: Changes): PointEntry {
    this.assertCovers(points);
    return this.record('USE', -points, orderId, changes);
  }

  private record(type: PointEntryType, points: number, orderId: number | null, changes: Changes): PointEntry {
    this.balance += points;
    raiseVersion(this, changes.now);
    return changes.add(PointEntry, {
      userId: this.userId,
      type,
      amount: points,
      balanceAfter: this.balance,
      sequence: this.version,
      reason: null,
      orderId,
    });
  }
}

PointWalletSchema.setClass(PointWallet);
