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
    this.assertHolds(points, changes);
    const entry = this.record('CHARGE', points, null, changes);
    changes.emit({
      type: 'points.charged',
      aggregateType: 'wallet',
      aggregateId: this.id,
      aggregateVersion: this.version,
      payload: { userId: this.userId, pointEntryId: entry.id, amount: points, balanceAfter: entry.balanceAfter },
    });
    return entry;
  }

  /** Adds points that are paid for. The limit was asked before the money was taken; from then on they are owed. */
  credit(points: number, changes: Changes): PointEntry {
    const entry = this.record('CHARGE', points, null, changes);
    changes.emit({
      type: 'points.charged',
      aggregateType: 'wallet',
      aggregateId: this.id,
      aggregateVersion: this.version,
      payload: { userId: this.userId, pointEntryId: entry.id, amount: points, balanceAfter: entry.balanceAfter },
    });
    return entry;
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

  /** Puts back points that an order spent. They were the customer's before, so no limit keeps them out. */
  giveBack(points: number, orderId: number, changes: Changes): PointEntry {
    return this.record('REFUND', points, orderId, changes);
  }

  /** Corrects the balance by hand: points more, or fewer when negative. */
  adjust(points: number, reason: string, changes: Changes): PointEntry {
    this.assertCovers(-points);
    this.assertHolds(points, changes);
    return this.record('ADJUST', points, null, changes, reason);
  }

  /** Refuses with `POINT_BALANCE_LIMIT` points that would not fit in. */
  assertHolds(points: number, { settings: { pointBalanceMax: limit } }: Changes): void {
    // Taking points off is no way past the limit, even where the limit was lowered below what the wallet has.
    if (points <= 0 || this.balance + points <= limit) return;
    throw new DomainError(
      'POINT_BALANCE_LIMIT',
      `A wallet holds at most ${limit} points; this one has ${this.balance}.`,
      { limit, balance: this.balance },
    );
  }

  private record(
    type: PointEntryType,
    points: number,
    orderId: number | null,
    changes: Changes,
    reason: string | null = null,
  ): PointEntry {
    this.balance += points;
    raiseVersion(this, changes.now);
    return changes.add(PointEntry, {
      userId: this.userId,
      type,
      amount: points,
      balanceAfter: this.balance,
      sequence: this.version,
      reason,
      orderId,
    });
  }
}

PointWalletSchema.setClass(PointWallet);
