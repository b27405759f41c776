import { TRPCClientError } from '@trpc/client';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import superjson from 'superjson';
import { Answer, failureOf } from './answers.ts';
import type { StreamRequest } from './calls.ts';
import { errorOf, Failure, type Shape } from './failures.ts';
import { type HttpSettings, headersOf, trpcUrl } from './links/http.ts';
import { backoffMs, pause, type Timing } from './timing.ts';

/** How long a server may take to answer, and then to say something, before the connection counts as dead. */
const OPEN_TIMEOUT_MS = 30_000;

/** One message of a stream: an event, or `null` for a bookmark. */
interface Tracked {
  readonly id: string | undefined;
  readonly data: unknown;
}

/**
 * Follows a stream until the signal is aborted or the server refuses it. Whatever else ends a connection, the next one
 * goes on after the last event that came.
 */
export async function* followStream(
  http: HttpSettings,
  { path, input, options: { signal } }: StreamRequest,
  timing: Timing,
): AsyncGenerator<unknown, void> {
  let lastEventId: string | undefined;
  let failures = 0;
  let wasOpen = false;
  while (!signal?.aborted) {
    let retryAfterMs = 0;
    try {
      const position = lastEventId === undefined ? input : { ...input, lastEventId };
      const onOpen = () => {
        wasOpen = true;
      };
      for await (const { id, data } of connect(http, { path, input: position, signal, onOpen }, timing)) {
        if (signal?.aborted) return;
        failures = 0;
        lastEventId = id ?? lastEventId;
        if (data !== null) yield data;
      }
    } catch (rejection) {
      if (signal?.aborted) return;
      const failure = failureOf(rejection);
      if (!isPassing(failure, wasOpen)) throw errorOf(failure);
      retryAfterMs = failure.retryAfterMs ?? 0;
    }
    await pause(retryAfterMs + backoffMs(++failures, timing), timing, signal);
  }
}

// Asking again changes nothing, so it is worth it also where the server failed inside. And a token that was there once
// will be there again: the login may be away for as long as the server is.
function isPassing({ retryable, reason }: Failure, wasOpen: boolean): boolean {
  return retryable || reason === 'INTERNAL' || (wasOpen && reason === 'TOKEN_UNAVAILABLE');
}

interface Connection {
  readonly path: string;
  readonly input: object | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told when the server has begun to answer. */
  readonly onOpen: () => void;
}

/** The messages of one connection, which is read no faster than they are taken. */
async function* connect(http: HttpSettings, connection: Connection, timing: Timing): AsyncGenerator<Tracked, void> {
  const { signal } = connection;
  const leaving = new AbortController();
  const leave = () => leaving.abort('left');
  signal?.addEventListener('abort', leave);
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const decoder = new TextDecoder();
  let silenceMs: number | undefined = OPEN_TIMEOUT_MS;
  let announcedMs: number | undefined;
  try {
    const cancelDeadline = timing.after(OPEN_TIMEOUT_MS, leave);
    const reader = await openInTime(http, connection, leaving.signal).finally(cancelDeadline);
    connection.onOpen();
    while (!leaving.signal.aborted) {
      // The server says something now and then; a connection on which it does not is dead, though nothing tells.
      const stopWaiting = silenceMs === undefined ? undefined : timing.after(silenceMs, leave);
      const { done, value } = await reader.read().finally(stopWaiting);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const { event, id, data } of arrived.splice(0)) {
        switch (event) {
          case undefined:
          case 'message':
            yield { id, data: superjson.deserialize(JSON.parse(data)) };
            break;
          case 'connected':
            announcedMs = silenceIn(JSON.parse(data));
            break;
          case 'serialized-error':
            throw TRPCClientError.from({ error: superjson.deserialize<Shape>(JSON.parse(data)) });
          case 'return':
            return;
        }
      }
      silenceMs = announcedMs;
    }
  } catch (cause) {
    throw cause instanceof TRPCClientError || cause instanceof Failure ? cause : brokenOff(cause);
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}

/** Where a token or an answer does not come in time, the stream must still get to its next try, or to its end. */
async function openInTime(http: HttpSettings, connection: Connection, leaving: AbortSignal) {
  const opening = open(http, { ...connection, signal: leaving });
  const left = new Promise<never>((_, reject) =>
    leaving.addEventListener('abort', () => {
      reject(brokenOff(leaving.reason));
      // Where `fetch` or the body does not hear of the signal, what it brings later is for nobody.
      opening.then((reader) => reader.cancel()).catch(() => {});
    }),
  );
  return await Promise.race([opening, left]);
}

async function open({ url, token, fetch }: HttpSettings, { path, input, signal }: Omit<Connection, 'onOpen'>) {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const headers = { accept: 'text/event-stream', ...(await headersOf(token)) };
  const response = await fetch(`${trpcUrl(url)}/${path}${query}`, { headers, signal: signal ?? null }).catch(
    (cause: unknown) => {
      throw brokenOff(cause);
    },
  );
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (!response.ok || !isStream || !response.body) throw await refusalIn(response);
  return response.body.getReader();
}

function silenceIn(options: unknown): number | undefined {
  if (typeof options !== 'object' || options === null || !('reconnectAfterInactivityMs' in options)) return undefined;
  return typeof options.reconnectAfterInactivityMs === 'number' ? options.reconnectAfterInactivityMs : undefined;
}

/** Why the server did not open a stream. */
async function refusalIn(response: Response): Promise<Failure> {
  const answer = await Answer.read(response);
  const body = await answer.json();
  const isError = typeof body === 'object' && body !== null && 'error' in body;
  // What is no error of ours is found out by whoever reads its reason.
  const refusal = isError
    ? { error: superjson.deserialize<Shape>(body.error as Parameters<typeof superjson.deserialize>[0]) }
    : new Error('The answer is not an error.');
  return failureOf(TRPCClientError.from(refusal, { meta: { response: answer } }));
}

function brokenOff(cause: unknown): Failure {
  return new Failure({
    reason: 'CONNECTION_FAILED',
    message: 'The stream broke off.',
    details: {},
    retryable: true,
    mayHaveTakenEffect: false,
    cause,
  });
}
