import type { AppRouter } from '@baguni/api';
import { createTRPCClient, splitLink, type TRPCClient } from '@trpc/client';
import { type ClientOptions, callLinks, httpSettingsOf } from './client.ts';
import { eventSourceLink } from './links/event-source.ts';
import { systemTiming } from './timing.ts';

/**
 * A tRPC client of the shop, with the same retries and idempotency keys as `createClient`, for what is built on tRPC.
 * It throws a `TRPCClientError` whose `cause` is the `BaguniError`.
 */
export function createTrpcClient(options: ClientOptions): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: eventSourceLink(httpSettingsOf(options)),
        false: callLinks(options, systemTiming),
      }),
    ],
  });
}
