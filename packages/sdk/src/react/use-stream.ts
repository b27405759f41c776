import { hashKey } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallError } from './errors.ts';
import type { UseStreamOptions } from './streams.ts';

/** What a component knows of a stream. */
export type StreamResult<Event> = {
  /** The last event that came; `onEvent` is told of each. */
  readonly event: Event | undefined;
  /** Follows the stream anew, such as after a refusal whose cause is gone. */
  readonly restart: () => void;
} & (
  | { readonly status: 'idle' | 'following'; readonly error: undefined }
  /** The server refused it. */
  | { readonly status: 'refused'; readonly error: CallError }
);

interface Seen<Event> {
  readonly event: Event | undefined;
  readonly error: CallError | undefined;
}

const NOTHING = { event: undefined, error: undefined };

/**
 * Follows a stream while the component is there: it reconnects by itself, loses nothing, and is given up on unmount.
 *
 *     const { event } = useStream(baguni.orders.stream.streamOptions({ orderId }));
 */
export function useStream<Event>(options: UseStreamOptions<Event>): StreamResult<Event> {
  const { streamKey, follow, enabled = true } = options;
  const [seen, setSeen] = useState<Seen<Event>>(NOTHING);
  const [starts, setStarts] = useState(0);
  const restart = useCallback(() => setStarts((count) => count + 1), []);
  const hash = hashKey(streamKey);

  // Each render brings new functions; they are no reason to connect anew.
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: The hash stands for the key, and a start is for its own sake.
  useEffect(() => {
    if (!enabled) return;
    const leaving = new AbortController();
    setSeen(NOTHING);
    void (async () => {
      const { streamKey: key, follow: open } = latest.current;
      try {
        for await (const event of open(key[1].input, { signal: leaving.signal })) {
          if (leaving.signal.aborted) return;
          setSeen({ event, error: undefined });
          tell(() => latest.current.onEvent?.(event));
        }
      } catch (rejection) {
        if (leaving.signal.aborted) return;
        // A stream rejects with nothing else, which no type can say.
        const error = rejection as CallError;
        setSeen((before) => ({ ...before, error }));
        tell(() => latest.current.onError?.(error));
      }
    })();
    return () => leaving.abort();
  }, [follow, hash, enabled, starts]);

  if (seen.error) return { ...seen, error: seen.error, status: 'refused', restart };
  return { event: seen.event, error: undefined, status: enabled ? 'following' : 'idle', restart };
}

// A handler that throws is no reason to lose the events that come after.
function tell(handler: () => void): void {
  try {
    handler();
  } catch (error) {
    console.error('A handler of a Baguni stream failed.', error);
  }
}
