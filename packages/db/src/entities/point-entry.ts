import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, timestamps } from './columns.ts';
import { Order } from './order.ts';
import { User } from './user.ts';

export const POINT_ENTRY_TYPES = ['CHARGE', 'USE', 'REFUND', 'ADJUST'] as const;
export type PointEntryType = (typeof POINT_ENTRY_TYPES)[number];

const PointEntrySchema = defineEntity({
  name: 'PointEntry',
  tableName: 'point_entries',
  properties: {
    id: id(),
    userId: () => p.manyToOne(User).mapToPk().joinColumn('user_id').index(false),
    type: p.enum(POINT_ENTRY_TYPES),
    amount: amount(),
    balanceAfter: amount(),
    // The wallet's version after this entry: the order of a wallet's entries, whichever process wrote them.
    sequence: p.bigint('number'),
    // Why an admin adjusted the balance.
    reason: p.string().length(200).nullable(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').nullable().index().deleteRule('no action'),
    ...timestamps,
  },
  uniques: [{ name: 'point_entries_user_id_sequence_unique', properties: ['userId', 'sequence'] }],
  checks: [
    { name: 'point_entries_balance_after_check', expression: 'balance_after >= 0' },
    {
      name: 'point_entries_sign_check',
      expression: "amount <> 0 and (type <> 'USE' or amount < 0) and (type = 'USE' or type = 'ADJUST' or amount > 0)",
    },
  ],
});

/** One movement of points, never edited. A correction is a new entry. */
export class PointEntry extends PointEntrySchema.class {}

PointEntrySchema.setClass(PointEntry);
