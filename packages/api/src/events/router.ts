import { EventDelivery, EventEndpoint, OutboxEvent } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { loadPage, pageOf } from '../pages.ts';
import { adminProcedure, execute } from '../procedures.ts';
import { eventStream } from '../streams.ts';
import { createEndpoint, disableEndpoint, enableEndpoint, replayEvents } from './commands.ts';
import { toDeliveryView } from './rules.ts';
import {
  createdEndpointView,
  createEndpointInput,
  deliveriesInput,
  deliveryView,
  endpointIdInput,
  endpointView,
  eventView,
  listEndpointsInput,
  listEventsInput,
  replayInput,
  replayView,
  streamEventsInput,
} from './schema.ts';
import { toEndpointView, toEventView } from './views.ts';

export const events = {
  /** The published events, newest first. */
  list: adminProcedure
    .input(listEventsInput)
    .output(pageOf(eventView))
    .query(({ input = {}, ctx }) => {
      const { type, aggregateType, aggregateId } = input;
      return loadPage(input, {
        fetch: (after, limit) =>
          ctx.shop.read().find(
            OutboxEvent,
            {
              position: after ? { $lt: after.id } : { $ne: null },
              ...(type !== undefined && { type }),
              ...(aggregateType !== undefined && { aggregateType }),
              ...(aggregateId !== undefined && { aggregateId }),
            },
            { orderBy: { position: 'desc' }, limit, disableIdentityMap: true },
          ),
        position: ({ createdAt, position }) => ({ at: createdAt, id: position ?? 0 }),
        toItems: (rows) => rows.map(toEventView),
      });
    }),

  /** Events as they are published, over SSE. After a reconnect it goes on where it broke off and loses nothing. */
  stream: adminProcedure
    .input(streamEventsInput)
    .output(eventStream)
    .subscription(({ input: { types, ...start } = {}, ctx, signal }) =>
      ctx.shop.feed.follow(start, {
        signal,
        read: (em, after, limit) =>
          em.find(
            OutboxEvent,
            { position: { $gt: after }, ...(types && { type: { $in: types } }) },
            { orderBy: { position: 'asc' }, limit, disableIdentityMap: true },
          ),
      }),
    ),

  /**
   * Registers a URL to which events are sent from now on, signed as Standard Webhooks say. The answer holds the secret
   * with which the receiver checks them; it is shown this once. Fails with `ENDPOINT_URL_REFUSED`.
   */
  createEndpoint: adminProcedure
    .meta({ reasons: ['ENDPOINT_URL_REFUSED'] })
    .input(createEndpointInput)
    .output(createdEndpointView)
    .mutation(({ input, ctx }) => {
      ctx.shop.endpoints.assertAllowed(input.url);
      return execute(createEndpoint)({ input, ctx });
    }),

  /** The registered endpoints, newest first. */
  listEndpoints: adminProcedure
    .input(listEndpointsInput)
    .output(pageOf(endpointView))
    .query(({ input, ctx }) =>
      loadPage(input ?? {}, {
        fetch: (after, limit) =>
          ctx.shop.read().find(EventEndpoint, after ? { id: { $lt: after.id } } : {}, {
            orderBy: { id: 'desc' },
            limit,
            disableIdentityMap: true,
          }),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (rows) => rows.map(toEndpointView),
      }),
    ),

  /**
   * Sends nothing there any more. What is on its way waits until the endpoint is enabled again; what happens meanwhile
   * is not sent, but can be replayed. Fails with `ENDPOINT_NOT_FOUND`.
   */
  disableEndpoint: adminProcedure
    .meta({ reasons: ['ENDPOINT_NOT_FOUND'] })
    .input(endpointIdInput)
    .output(endpointView)
    .mutation(execute(disableEndpoint)),

  /** Sends there again. Fails with `ENDPOINT_NOT_FOUND`. */
  enableEndpoint: adminProcedure
    .meta({ reasons: ['ENDPOINT_NOT_FOUND'] })
    .input(endpointIdInput)
    .output(endpointView)
    .mutation(execute(enableEndpoint)),

  /** What is on its way to endpoints, has arrived or is dead; newest first. */
  deliveries: adminProcedure
    .input(deliveriesInput)
    .output(pageOf(deliveryView))
    .query(({ input = {}, ctx }) => {
      const { endpointId, status } = input;
      return loadPage(input, {
        fetch: (after, limit) =>
          ctx.shop.read().find(
            EventDelivery,
            {
              ...(after && { id: { $lt: after.id } }),
              ...(endpointId !== undefined && { endpointId }),
              ...(status !== undefined && { status }),
            },
            { orderBy: { id: 'desc' }, limit, disableIdentityMap: true },
          ),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (rows) => rows.map(toDeliveryView),
      });
    }),

  /**
   * Sends events to an endpoint again, or for the first time: dead ones, those that it has taken, those from before it
   * was registered. Fails with `ENDPOINT_NOT_FOUND` or `EVENT_NOT_FOUND`.
   */
  replay: adminProcedure
    .meta({ reasons: ['ENDPOINT_NOT_FOUND', 'EVENT_NOT_FOUND'] })
    .input(replayInput)
    .output(replayView)
    .mutation(execute(replayEvents)),
} satisfies TRPCRouterRecord;
