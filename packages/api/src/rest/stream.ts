import { isTrackedEnvelope } from '@trpc/server';

/** How often a quiet stream says that it is still there, so that proxies do not close it. */
const PING_MS = 15_000;

/** What a subscription gives, as server-sent events: each with its id, from which a client goes on by `Last-Event-ID`. */
export async function* eventStream(items: unknown, onError: (error: unknown) => void): AsyncGenerator<string, void> {
  if (!isIterable(items)) return;
  const iterator = items[Symbol.asyncIterator]();
  try {
    let pending = iterator.next();
    while (true) {
      const next = await withinPing(pending);
      if (next === 'nothing yet') {
        yield ': still here\n\n';
        continue;
      }
      if (next.done) return;
      yield frameOf(next.value);
      pending = iterator.next();
    }
  } catch (error) {
    // The headers are sent, so all that is left is to end; the client comes back by itself.
    onError(error);
  } finally {
    await iterator.return?.();
  }
}

function isIterable(items: unknown): items is AsyncIterable<unknown> {
  return items instanceof Object && Symbol.asyncIterator in items;
}

async function withinPing<Value>(pending: Promise<Value>): Promise<Value | 'nothing yet'> {
  const { promise, resolve } = Promise.withResolvers<'nothing yet'>();
  const timeout = setTimeout(() => resolve('nothing yet'), PING_MS);
  try {
    return await Promise.race([pending, promise]);
  } finally {
    clearTimeout(timeout);
  }
}

// A bookmark is an id without data: a client remembers it, and shows nothing.
function frameOf(item: unknown): string {
  if (!isTrackedEnvelope<unknown>(item)) return `data: ${JSON.stringify(item)}\n\n`;
  const [id, event] = item;
  return event === null ? `id: ${id}\n\n` : `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}
