import type { AppRouter } from '@baguni/api';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { HttpSettings } from './http.ts';

/** Loads what reads server-sent events with the first stream, because most pages never open one. */
export function streamLink(settings: HttpSettings): TRPCLink<AppRouter> {
  return (runtime) => (operation) =>
    observable((observer) => {
      let isUnsubscribed = false;
      let unsubscribe = () => {};
      import('./event-source.ts').then(
        ({ eventSourceLink }) => {
          if (isUnsubscribed) return;
          const subscription = eventSourceLink(settings)(runtime)(operation).subscribe(observer);
          unsubscribe = () => subscription.unsubscribe();
        },
        (cause) => observer.error(TRPCClientError.from(cause)),
      );
      return () => {
        isUnsubscribed = true;
        unsubscribe();
      };
    });
}
