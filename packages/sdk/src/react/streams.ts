import type { CallError } from './errors.ts';
import type { Path } from './keys.ts';
import type { Arguments } from './queries.ts';

/** What to do about a stream. */
export interface StreamHandlers<Event> {
  /** Whether to follow the stream; true unless said otherwise. */
  enabled?: boolean | undefined;
  /** Told of each event, in order, also of those that come too fast for each to be rendered. */
  onEvent?: ((event: Event) => void) | undefined;
  /** Told when the server refuses the stream. A lost connection is no error: the stream goes on where it broke off. */
  onError?: ((error: CallError) => void) | undefined;
}

/** What `useStream` takes. */
export interface UseStreamOptions<Event> extends StreamHandlers<Event> {
  /** Another key is another stream. */
  readonly streamKey: StreamKey;
  readonly follow: Follow<Event>;
}

/** The key of a stream: its path, and what is asked for. */
export type StreamKey = readonly [path: Path, call: { readonly input?: unknown; readonly type: 'stream' }];

/** Follows the events for an input until the signal is aborted. */
export type Follow<Event> = (input: unknown, options: { readonly signal: AbortSignal }) => AsyncIterable<Event>;

/** A stream, for `useStream`. */
export interface Stream<Input, Event> {
  /** For `useStream`: follows the stream while the component is there. */
  streamOptions(...args: Arguments<Input, StreamHandlers<Event>>): UseStreamOptions<Event>;
}

export function streamOf(path: Path, follow: Follow<unknown>): object {
  return {
    streamOptions: (input?: unknown, handlers?: StreamHandlers<unknown>): UseStreamOptions<unknown> => ({
      ...handlers,
      streamKey: [path, { ...(input !== undefined && { input }), type: 'stream' }],
      follow,
    }),
  };
}
