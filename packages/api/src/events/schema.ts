import {
  AGGREGATE_TYPES,
  type AggregateType,
  EVENT_DELIVERY_STATUSES,
  type EventDeliveryStatus,
  type EventPayloads,
  type EventType,
} from '@baguni/db';
import { z } from 'zod';
import { id, type Mutation, mutation, type Schema } from '../fields.ts';
import { type PageInput, pageInput } from '../pages.ts';
import { EVENT_TYPES, PAYLOADS } from './catalogue.ts';

/** How many events one call sends again. */
const REPLAY_MAX = 100;
const URL_LENGTH_MAX = 2_000;

interface EventHead<Type extends EventType> {
  id: number;
  /** Its place in the order in which events were published; without gaps. */
  position: number;
  type: Type;
  /** Which form the data has. */
  schemaVersion: number;
  aggregateType: AggregateType;
  /** The id of the order, coupon, product … that it is about. */
  aggregateId: number;
  /** The version of it after the change. */
  aggregateVersion: number;
  occurredAt: Date;
  /** What happened; its fields go with the type. */
  data: EventPayloads[Type];
}

/** Something that happened in the shop. */
export type EventView = { [Type in EventType]: EventHead<Type> }[EventType];

const eventOf = <Type extends EventType>(type: Type) =>
  z.strictObject({
    id: z.int(),
    position: z.int(),
    type: z.literal(type),
    schemaVersion: z.int(),
    aggregateType: z.enum(AGGREGATE_TYPES),
    aggregateId: z.int(),
    aggregateVersion: z.int(),
    occurredAt: z.date(),
    data: PAYLOADS[type],
  });

export const eventView: Schema<EventView> = z.discriminatedUnion('type', [
  eventOf('order.placed'),
  eventOf('order.completed'),
  eventOf('order.cancelled'),
  eventOf('order.refunded'),
  eventOf('order.part_refunded'),
  eventOf('payment.failed'),
  eventOf('coupon.issued'),
  eventOf('coupon.exhausted'),
  eventOf('stock.low'),
  eventOf('stock.out'),
  eventOf('points.charged'),
]);

const eventType = z.enum(EVENT_TYPES);

export interface ListEventsInput extends PageInput {
  type?: EventType | undefined;
  aggregateType?: AggregateType | undefined;
  aggregateId?: number | undefined;
}

export const listEventsInput: Schema<ListEventsInput | undefined> = z
  .strictObject({
    ...pageInput,
    type: eventType.optional(),
    aggregateType: z.enum(AGGREGATE_TYPES).optional(),
    aggregateId: id().optional(),
  })
  .optional();

/** Where a stream begins. */
export interface StreamInput {
  /** The position after which to begin: 0 for everything there is. What happens from now on unless said otherwise. */
  after?: number | undefined;
  /** The id of the last event that came, after a reconnect; it comes before `after`. Clients send it by themselves. */
  lastEventId?: string | undefined;
}

export const streamInput = {
  after: z.int().min(0).optional(),
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/, 'Must be the id of an event of this stream.')
    .optional(),
};

export interface StreamEventsInput extends StreamInput {
  /** Which types are wanted; all of them unless said otherwise. */
  types?: EventType[] | undefined;
}

const types = z.array(eventType).min(1).max(EVENT_TYPES.length);

export const streamEventsInput: Schema<StreamEventsInput | undefined> = z
  .strictObject({ ...streamInput, types: types.optional() })
  .optional();

/** Where events are sent. */
export interface EndpointView {
  id: number;
  url: string;
  /** Which types are sent there; all of them when `null`. */
  eventTypes: EventType[] | null;
  /** Since when nothing is sent there; `null` while it is. */
  disabledAt: Date | null;
  createdAt: Date;
}

const endpointFields = {
  id: z.int(),
  url: z.string(),
  eventTypes: z.array(eventType).nullable(),
  disabledAt: z.date().nullable(),
  createdAt: z.date(),
};

export const endpointView: Schema<EndpointView> = z.strictObject(endpointFields);

/** A new endpoint, with what its receiver needs to check the signatures. */
export interface CreatedEndpointView extends EndpointView {
  /** Signs what is sent there (Standard Webhooks). It is shown this once. */
  secret: string;
}

export const createdEndpointView: Schema<CreatedEndpointView> = z.strictObject({
  ...endpointFields,
  secret: z.string(),
});

export interface CreateEndpointInput extends Mutation {
  /** `https://…` or `http://…`, up to 2,000 characters, at a public address. */
  url: string;
  /** Which types are wanted; all of them, later ones too, unless said otherwise. */
  eventTypes?: EventType[] | undefined;
}

export const createEndpointInput: Schema<CreateEndpointInput> = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'Must be a URL that begins with https:// or http://.' })
    .max(URL_LENGTH_MAX)
    .refine((url) => URL.canParse(url) && !new URL(url).username && !new URL(url).password, 'Must hold no password.'),
  eventTypes: types.optional(),
  ...mutation,
});

export interface EndpointIdInput extends Mutation {
  endpointId: number;
}

export const endpointIdInput: Schema<EndpointIdInput> = z.strictObject({ endpointId: id(), ...mutation });

export const listEndpointsInput: Schema<PageInput | undefined> = z.strictObject(pageInput).optional();

/** One event on its way to one endpoint. */
export interface DeliveryView {
  id: number;
  endpointId: number;
  eventId: number;
  /** PENDING until the endpoint has taken it; DEAD when it was tried too often. */
  status: EventDeliveryStatus;
  attempts: number;
  /** When it is tried next, while PENDING. */
  nextAttemptAt: Date;
  /** Why the last attempt failed. */
  lastError: string | null;
  deliveredAt: Date | null;
  createdAt: Date;
}

export const deliveryView: Schema<DeliveryView> = z.strictObject({
  id: z.int(),
  endpointId: z.int(),
  eventId: z.int(),
  status: z.enum(EVENT_DELIVERY_STATUSES),
  attempts: z.int(),
  nextAttemptAt: z.date(),
  lastError: z.string().nullable(),
  deliveredAt: z.date().nullable(),
  createdAt: z.date(),
});

export interface DeliveriesInput extends PageInput {
  endpointId?: number | undefined;
  status?: EventDeliveryStatus | undefined;
}

export const deliveriesInput: Schema<DeliveriesInput | undefined> = z
  .strictObject({ ...pageInput, endpointId: id().optional(), status: z.enum(EVENT_DELIVERY_STATUSES).optional() })
  .optional();

export interface ReplayInput extends Mutation {
  endpointId: number;
  /** Which events to send there again, or for the first time; 1 to 100. */
  eventIds: number[];
}

export const replayInput: Schema<ReplayInput> = z.strictObject({
  endpointId: id(),
  eventIds: z.array(id()).min(1).max(REPLAY_MAX),
  ...mutation,
});

/** How many events will be sent. Those that are on their way already are not counted. */
export interface ReplayView {
  replayed: number;
}

export const replayView: Schema<ReplayView> = z.strictObject({ replayed: z.int() });
