import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, instant, timestamps, version } from './columns.ts';
import { User } from './user.ts';
import { raiseVersion } from './versioned.ts';

export const POINT_CHARGE_STATUSES = ['PENDING', 'PAID', 'FAILED'] as const;
export type PointChargeStatus = (typeof POINT_CHARGE_STATUSES)[number];

/** What the column holds. */
const FAILURE_REASON_LENGTH_MAX = 255;

const PointChargeSchema = defineEntity({
  name: 'PointCharge',
  tableName: 'point_charges',
  properties: {
    id: id(),
    userId: () => p.manyToOne(User).mapToPk().joinColumn('user_id').index(),
    method: p.string().length(50),
    amount: amount(),
    status: p.enum(POINT_CHARGE_STATUSES),
    transactionId: p.string().length(255).nullable().unique('point_charges_transaction_id_unique'),
    startedAt: instant(),
    failureReason: p.string().length(255).nullable(),
    version: version(),
    ...timestamps,
  },
  // For the reconciler.
  indexes: [{ name: 'point_charges_started_at_index', properties: ['startedAt'], where: { status: 'PENDING' } }],
  checks: [{ name: 'point_charges_amount_check', expression: 'amount > 0' }],
});

/** A customer's purchase of points through a payment provider. Once PAID, its points are in the wallet. */
export class PointCharge extends PointChargeSchema.class {
  /** The provider has collected it; whoever calls this also credits the wallet. */
  markPaid(transactionId: string, now: Date): void {
    this.status = 'PAID';
    this.transactionId = transactionId;
    this.failureReason = null;
    raiseVersion(this, now);
  }

  /** The provider's word cannot be meant for this. It stays open: to fail it would invite to pay twice. */
  markDoubtful(reason: string, now: Date): void {
    this.failureReason = reason.slice(0, FAILURE_REASON_LENGTH_MAX);
    raiseVersion(this, now);
  }

  /** The provider has not collected it, and will not. */
  markFailed(reason: string, now: Date): void {
    this.status = 'FAILED';
    this.failureReason = reason.slice(0, FAILURE_REASON_LENGTH_MAX);
    raiseVersion(this, now);
  }
}

PointChargeSchema.setClass(PointCharge);
