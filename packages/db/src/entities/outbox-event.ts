import { defineEntity, p } from '@mikro-orm/core';
import { id, timestamps } from './columns.ts';

const OutboxEventSchema = defineEntity({
  name: 'OutboxEvent',
  tableName: 'outbox_events',
  properties: {
    id: id(),
    type: p.string().length(50),
    aggregateType: p.string().length(50),
    aggregateId: p.bigint('number'),
    payload: p.json<Record<string, unknown>>(),
    ...timestamps,
  },
  uniques: [
    {
      // An order is completed once and cancelled once, so each tells of it once.
      name: 'outbox_events_once_an_order_unique',
      properties: ['aggregateId', 'type'],
      where: { type: { $in: ['order.completed', 'order.cancelled'] } },
    },
  ],
  indexes: [{ name: 'outbox_events_aggregate_index', properties: ['aggregateType', 'aggregateId', 'id'] }],
});

/** A message about a change, stored in the same commit as the change. */
export class OutboxEvent extends OutboxEventSchema.class {}

OutboxEventSchema.setClass(OutboxEvent);
