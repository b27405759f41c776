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
    // The aggregate's version after the change: the order of one aggregate's events.
    aggregateVersion: p.bigint('number'),
    // Which form the payload has.
    schemaVersion: p.integer(),
    // The place in the stream, given once the event is committed; streams resume from it.
    position: p.bigint('number').nullable().unique('outbox_events_position_unique'),
    payload: p.json<Record<string, unknown>>(),
    ...timestamps,
  },
  uniques: [
    {
      // Each of these happens to an order once, so it is told once. A refund of a part is `order.part_refunded`.
      name: 'outbox_events_once_an_order_unique',
      properties: ['aggregateId', 'type'],
      where: { type: { $in: ['order.placed', 'order.completed', 'order.cancelled', 'order.refunded'] } },
    },
  ],
  indexes: [
    { name: 'outbox_events_aggregate_index', properties: ['aggregateType', 'aggregateId', 'position'] },
    { name: 'outbox_events_unplaced_index', properties: ['createdAt'], where: { position: null } },
  ],
});

/** A message about a change, stored in the same commit as the change. */
export class OutboxEvent extends OutboxEventSchema.class {}

OutboxEventSchema.setClass(OutboxEvent);
