import type { AppRouter } from '@baguni/api';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { type ClientOptions, linksOf } from './client.ts';
import { systemTiming } from './timing.ts';

/**
 * A tRPC client of the shop, with the same retries and idempotency keys as `createClient`, for what is built on tRPC.
 * It throws a `TRPCClientError` whose `cause` is the `BaguniError`.
 */
export function createTrpcClient(options: ClientOptions): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({ links: linksOf(options, systemTiming) });
}
