import { expect, test } from 'vitest';
import { type Fault, lostRequest, proxyAnswer, refusal, silence, startServer, type TestServer } from './shop.ts';

const HEADERS = { 'content-type': 'text/event-stream' };
const connected = 'event: connected\ndata: {"reconnectAfterInactivityMs":45000}\n\n';

function event(position: number): string {
  return `id: ${position}\ndata: ${JSON.stringify({ json: { position } })}\n\n`;
}

/** A connection that says this, and then ends or stays silent. */
function says(text: string, { stays = false } = {}): Fault {
  return async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(text));
          if (!stays) controller.close();
        },
      }),
      { headers: HEADERS },
    );
}

async function positions(server: TestServer, count: number, signal?: AbortSignal): Promise<number[]> {
  const seen: number[] = [];
  for await (const { position } of server.client().events.stream({}, { signal })) {
    seen.push(position);
    if (seen.length === count) break;
  }
  return seen;
}

function lastEventIds({ requests }: TestServer): unknown[] {
  return requests.map(({ url }) => JSON.parse(new URL(url).searchParams.get('input') ?? '{}').lastEventId);
}

test.each<[string, Fault]>([
  ['ends', says('')],
  ['is lost', lostRequest],
  ['ends within a message', says('id: 3\ndata: {"json":{"posi')],
  ['ends with what a server says before it stops', says('event: return\ndata:\n\n')],
  ['meets an overloaded server', refusal('OVERLOADED', { retryAfterMs: 5 }, { retryable: true })],
  ['meets a proxy that says 502', proxyAnswer(502)],
])('a stream that %s goes on after the last event that came', async (_, fault) => {
  const server = await startServer();
  server.meets(says(connected + event(1) + event(2)), fault, says(event(3)));
  expect(await positions(server, 3)).toEqual([1, 2, 3]);
  expect(lastEventIds(server)).toEqual([undefined, '2', '2']);
});

test('a bookmark is no event, but the stream goes on there', async () => {
  const server = await startServer();
  server.meets(says(`${event(1)}id: 7\ndata: {"json":null}\n\n`), says(event(8)));
  expect(await positions(server, 2)).toEqual([1, 8]);
  expect(lastEventIds(server)).toEqual([undefined, '7']);
});

test('a connection that has fallen silent is given up for another', async () => {
  const server = await startServer();
  server.meets(says(connected + event(1), { stays: true }), says(event(2)));
  const seen = positions(server, 2);
  await expect.poll(() => server.timing.pending).toBe(1);
  server.timing.expire(45_000);
  expect(await seen).toEqual([1, 2]);
  expect(server.timing.pending).toBe(0);
});

test('a stream ends when its signal is aborted, though its connection stays', async () => {
  const server = await startServer();
  server.meets(says(connected + event(1), { stays: true }));
  const controller = new AbortController();
  const seen = positions(server, 2, controller.signal);
  await expect.poll(() => server.timing.pending).toBe(1);
  controller.abort();
  expect(await seen).toEqual([1]);
  expect(server.requests).toHaveLength(1);
  expect(server.timing.pending).toBe(0);
});

test('a stream that is aborted while it waits to reconnect ends', async () => {
  const server = await startServer();
  server.timing.isStanding = true;
  server.meets(says(event(1)));
  const controller = new AbortController();
  const seen = positions(server, 2, controller.signal);
  await expect.poll(() => server.timing.waits.length).toBe(1);
  controller.abort();
  expect(await seen).toEqual([1]);
});

test('a loop that is left closes its connection', async () => {
  const server = await startServer();
  const closed = Promise.withResolvers<string>();
  server.meets(async () => {
    const text = new TextEncoder().encode(event(1));
    const body = new ReadableStream({ start: (own) => own.enqueue(text), cancel: () => closed.resolve('closed') });
    return new Response(body, { headers: HEADERS });
  });
  expect(await positions(server, 1)).toEqual([1]);
  expect(await closed.promise).toBe('closed');
});

test('a stream that is refused throws the refusal, at its start and later', async () => {
  const server = await startServer();
  await expect(positions(server, 1)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED', requestId: 'request-1' });
  const data = { reason: 'FORBIDDEN', details: {}, retryable: false, requestId: 'request-9', httpStatus: 403 };
  const shape = JSON.stringify({ json: { message: 'No longer.', code: -32603, data } });
  server.meets(says(`${event(1)}event: serialized-error\ndata: ${shape}\n\n`));
  await expect(positions(server, 2)).rejects.toMatchObject({ reason: 'FORBIDDEN', requestId: 'request-9' });
});

test('after an abort nothing more comes, though more had arrived', async () => {
  const server = await startServer();
  server.meets(says(connected + event(1) + event(2) + event(3), { stays: true }));
  const controller = new AbortController();
  const seen: number[] = [];
  for await (const { position } of server.client().events.stream({}, { signal: controller.signal })) {
    seen.push(position);
    controller.abort();
  }
  expect(seen).toEqual([1]);
  expect(server.timing.pending).toBe(0);
});

test('a token that cannot be had for a while only interrupts a stream that was open', async () => {
  const server = await startServer();
  let asked = 0;
  const token = async () => {
    asked += 1;
    if (asked === 2 || asked === 3) throw new Error('The login is away.');
    return server.adminKey;
  };
  server.meets(says(connected), says(event(1) + event(2)));
  const seen: number[] = [];
  for await (const { position } of server.client({ token }).events.stream({})) {
    seen.push(position);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual([1, 2]);
  expect(server.requests).toHaveLength(2);
  expect(server.timing.waits).toHaveLength(3);
});

test('a stream whose first token cannot be had is not begun', async () => {
  const server = await startServer();
  const stream = server.client({ token: () => Promise.reject(new Error('signed out')) }).events.stream({});
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'TOKEN_UNAVAILABLE' });
});

test.each<[string, Fault]>([
  ['is not answered', silence],
  ['is answered, and then says nothing', async () => new Response(new ReadableStream(), { headers: HEADERS })],
])('a connection that %s within 30 seconds is given up for another', async (_, fault) => {
  const server = await startServer();
  server.meets(fault, says(event(1)));
  const seen = positions(server, 1);
  await expect.poll(() => server.timing.pending).toBe(1);
  server.timing.expire(29_999);
  expect(server.requests).toHaveLength(1);
  server.timing.expire(30_000);
  expect(await seen).toEqual([1]);
  expect(server.timing.pending).toBe(0);
});

test('a stream that is aborted before it is answered ends, also where fetch does not hear of it', async () => {
  const server = await startServer();
  server.meets(silence);
  const controller = new AbortController();
  const seen = positions(server, 1, controller.signal);
  await expect.poll(() => server.requests.length).toBe(1);
  controller.abort();
  expect(await seen).toEqual([]);
  expect(server.timing.pending).toBe(0);
});

test('a connection that has said something, but not how often it will, may be quiet for long', async () => {
  const server = await startServer();
  server.meets(says(event(1), { stays: true }));
  const controller = new AbortController();
  const stream = server.client().events.stream({}, { signal: controller.signal })[Symbol.asyncIterator]();
  expect(await stream.next()).toMatchObject({ value: { position: 1 } });
  const next = stream.next();
  expect(server.timing.pending).toBe(0);
  controller.abort();
  expect(await next).toMatchObject({ done: true });
});
