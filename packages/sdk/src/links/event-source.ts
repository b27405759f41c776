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
    eventSourceOptions: ({ op }) => ({
      fetch: async (input, init) => {
        const headers = { ...init.headers, ...(await headersOf(token)) };
        const answer = await fetch(String(input), { ...init, headers });
        // What reads the stream is told no more than that it did not open; why is in the body.
        if (!answer.ok && isRefusalHandler(op.context.onRefused)) await op.context.onRefused(answer.clone());
        return answer;
      },
    }),
  });
}

/** Who wants to know why a stream did not open. */
export type RefusalHandler = (answer: Response) => Promise<void>;

function isRefusalHandler(value: unknown): value is RefusalHandler {
  return typeof value === 'function';
}
