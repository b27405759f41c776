import { defineEntity, p } from '@mikro-orm/core';
import { instant } from './columns.ts';

const IdempotencyRecordSchema = defineEntity({
  name: 'IdempotencyRecord',
  tableName: 'idempotency_records',
  properties: {
    principal: p.string().length(100).primary(),
    key: p.string().length(255).primary(),
    procedure: p.string().length(100),
    requestHash: p.string().length(64),
    // The answer, or the refusal, as it was given the first time (superjson text).
    answer: p.text(),
    createdAt: instant(),
  },
});

/** A command that was answered: the same key of the same caller gets the same answer again. */
export class IdempotencyRecord extends IdempotencyRecordSchema.class {}

IdempotencyRecordSchema.setClass(IdempotencyRecord);
