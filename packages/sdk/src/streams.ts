import type { AppRouter } from '@baguni/api';
import { TRPCClientError, type TRPCUntypedClient } from '@trpc/client';
import superjson, { type SuperJSONResult } from 'superjson';
import { Answer, failureOf } from './answers.ts';
import type { StreamRequest } from './calls.ts';
import { BaguniError } from './errors.ts';
import { Failure, type Shape } from './failures.ts';
import type { RefusalHandler } from './links/event-source.ts';
import type { Timing } from './timing.ts';

/** The longest wait before the first reconnect; it doubles with each that fails. */
const BACKOFF_MS = 200;
const BACKOFF_MAX_MS = 5_000;
/** How many events may lie unread before the connection is given up, to go on there once they are read. */
const UNREAD_MAX = 1_000;

/** One message of a stream: an event, or `null` for a bookmark. */
interface Tracked {
  readonly id: string;
  readonly data: unknown;
}

/**
 * Follows a stream until the signal is aborted or the server refuses it. Whatever else ends a connection, the next one
 * goes on after the last event that came.
 */
export async function* followStream(
  client: TRPCUntypedClient<AppRouter>,
  { path, input, options: { signal } }: StreamRequest,
  timing: Timing,
): AsyncGenerator<unknown, void> {
  let lastEventId: string | undefined;
  let failures = 0;
  while (!signal?.aborted) {
    let failure: Failure | undefined;
    const onFailure = (reason: Failure) => {
      failure = reason;
    };
    const reader = open(client, {
      path,
      input: lastEventId === undefined ? input : { ...input, lastEventId },
      signal,
      onFailure,
    }).getReader();
    try {
      for (let read = await reader.read(); !read.done && !signal?.aborted; read = await reader.read()) {
        const { id, data } = read.value;
        failures = 0;
        lastEventId = id;
        if (data !== null) yield data;
      }
    } finally {
      await reader.cancel();
    }
    if (failure && !isPassing(failure)) throw toError(failure);
    await pause(timing.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** failures++), timing, signal);
  }
}

// Asking again changes nothing, so it is worth it also where the server failed inside.
function isPassing({ retryable, reason }: Failure): boolean {
  return retryable || reason === 'INTERNAL';
}

interface Connection {
  readonly path: string;
  readonly input: object | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onFailure: (failure: Failure) => void;
}

/** One connection: it ends as soon as it breaks, after what has come by then, so that how to go on is decided in one place. */
function open(
  client: TRPCUntypedClient<AppRouter>,
  { path, input, signal, onFailure }: Connection,
): ReadableStream<Tracked> {
  const gaveUp = new AbortController();
  let isOver = false;
  let refusal: Failure | undefined;
  const onRefused: RefusalHandler = async (answer) => {
    refusal = await refusalIn(answer);
  };
  return new ReadableStream<Tracked>(
    {
      start(controller) {
        const end = (error?: TRPCClientError<AppRouter>) => {
          if (isOver) return;
          isOver = true;
          if (error) onFailure(refusal ?? brokenOff(error));
          controller.close();
          gaveUp.abort();
        };
        client.subscription(path, input, {
          signal: signal ? AbortSignal.any([signal, gaveUp.signal]) : gaveUp.signal,
          context: { onRefused },
          onData(message) {
            if (isOver) return;
            if (isTracked(message)) controller.enqueue(message);
            if ((controller.desiredSize ?? 0) <= 0) end();
          },
          onError: end,
          onComplete: () => end(),
          onConnectionStateChange({ state, error }) {
            if (state === 'connecting' && error) end(error);
          },
        });
      },
      cancel() {
        isOver = true;
        gaveUp.abort();
      },
    },
    { highWaterMark: UNREAD_MAX },
  );
}

function isTracked(message: unknown): message is Tracked {
  return typeof message === 'object' && message !== null && 'id' in message && 'data' in message;
}

/** Why the server did not open a stream. */
async function refusalIn(response: Response): Promise<Failure> {
  try {
    const answer = await Answer.read(response);
    return failureOf(TRPCClientError.from(readError(await answer.json()), { meta: { response: answer } }));
  } catch (rejection) {
    return failureOf(rejection);
  }
}

function readError(body: unknown): Error | { error: Shape } {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    // What is no error of ours is found out by whoever reads its reason.
    return { error: superjson.deserialize<Shape>(body.error as SuperJSONResult) };
  }
  return new Error('The answer is not an error.');
}

/** What the server says of a stream that it ends has a shape; anything else is the connection. */
function brokenOff(error: TRPCClientError<AppRouter>): Failure {
  if (error.shape) return failureOf(error);
  return new Failure({
    reason: 'CONNECTION_FAILED',
    message: 'The stream broke off.',
    details: {},
    retryable: true,
    mayHaveTakenEffect: false,
    cause: error,
  });
}

function toError({ reason, message, details, retryable, shape, cause }: Failure): BaguniError {
  return new BaguniError({ reason, message, details, retryable, requestId: shape?.data.requestId, cause });
}

function pause(delayMs: number, timing: Timing, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timing.after(delayMs, done);
    signal?.addEventListener('abort', done);
  });
}
