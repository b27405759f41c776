import type { AppRouter } from '@baguni/api';
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import { type HttpSettings, headersOf, TRANSFORMER, trpcUrl } from './http.ts';

/** Opens a stream of server-sent events; the token travels in a header, as with every call. */
export function eventSourceLink({ url, token, fetch }: HttpSettings): TRPCLink<AppRouter> {
  return httpSubscriptionLink<AppRouter, typeof EventSource>({
    url: trpcUrl(url),
    transformer: TRANSFORMER,
    EventSource,
    eventSourceOptions: () => ({
      fetch: async (input, init) =>
        fetch(String(input), { ...init, headers: { ...init.headers, ...(await headersOf(token)) } }),
    }),
  });
}
