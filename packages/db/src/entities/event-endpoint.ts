import { defineEntity, p } from '@mikro-orm/core';
import { id, instant, timestamps, version } from './columns.ts';

const EventEndpointSchema = defineEntity({
  name: 'EventEndpoint',
  tableName: 'event_endpoints',
  properties: {
    id: id(),
    url: p.string().length(2000),
    // Signs what is sent, so that the receiver can tell it from anybody else's.
    secret: p.string().length(255),
    // Which types are wanted; all of them when null.
    eventTypes: p.json<string[]>().nullable(),
    disabledAt: instant().nullable(),
    version: version(),
    ...timestamps,
  },
});

/** Where events are sent: a data platform, or another system of the shop's. */
export class EventEndpoint extends EventEndpointSchema.class {}

EventEndpointSchema.setClass(EventEndpoint);
