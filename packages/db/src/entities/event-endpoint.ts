import { defineEntity, p } from '@mikro-orm/core';
import { id, instant, timestamps, version } from './columns.ts';
import { raiseVersion } from './versioned.ts';

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
export class EventEndpoint extends EventEndpointSchema.class {
  /** Sends nothing there any more. What is on its way waits until the endpoint is enabled again. */
  disable(now: Date): void {
    this.disabledAt ??= now;
    raiseVersion(this, now);
  }

  enable(now: Date): void {
    this.disabledAt = null;
    raiseVersion(this, now);
  }
}

EventEndpointSchema.setClass(EventEndpoint);
