import type { EventEndpoint, OutboxEvent } from '@baguni/db';
import { z } from 'zod';
import { EVENT_TYPES } from './catalogue.ts';
import { type CreatedEndpointView, type EndpointView, type EventView, eventView } from './schema.ts';

const storedTypes = z.array(z.enum(EVENT_TYPES)).nullable();

type TellableEvent = Pick<
  OutboxEvent,
  | 'id'
  | 'type'
  | 'schemaVersion'
  | 'aggregateType'
  | 'aggregateId'
  | 'aggregateVersion'
  | 'createdAt'
  | 'payload'
  | 'position'
>;

/** An event as it is told. The database holds its data as JSON; here it gets the type that goes with the event's. */
export function toEventView(event: TellableEvent): EventView {
  const { id, type, schemaVersion, aggregateType, aggregateId, aggregateVersion, createdAt, payload, position } = event;
  return eventView.parse({
    id,
    position,
    type,
    schemaVersion,
    aggregateType,
    aggregateId,
    aggregateVersion,
    occurredAt: createdAt,
    data: payload,
  });
}

export function toEndpointView({ id, url, eventTypes, disabledAt, createdAt }: EventEndpoint): EndpointView {
  return { id, url, eventTypes: storedTypes.parse(eventTypes ?? null), disabledAt: disabledAt ?? null, createdAt };
}

export function toCreatedEndpointView(endpoint: EventEndpoint): CreatedEndpointView {
  return { ...toEndpointView(endpoint), secret: endpoint.secret };
}
