import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, instant, timestamps, version } from './columns.ts';
import { User } from './user.ts';

export const POINT_CHARGE_STATUSES = ['PENDING', 'PAID', 'FAILED'] as const;
export type PointChargeStatus = (typeof POINT_CHARGE_STATUSES)[number];

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
export class PointCharge extends PointChargeSchema.class {}

PointChargeSchema.setClass(PointCharge);
