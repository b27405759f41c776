import { createClient } from '@baguni/sdk';
import { expect, test } from 'vitest';

const event = (id: number) => `data: ${JSON.stringify({ json: { id } })}\nid: ${id}\n\n`;

// What the test runner reports as an uncaught error would end the program of a user.
test('a stream that was given up ignores what its connection still brings', async () => {
  let connection: ReadableStreamDefaultController<Uint8Array> | undefined;
  const say = (text: string) => connection?.enqueue(new TextEncoder().encode(text));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      connection = controller;
    },
  });
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  const shop = createClient({ url: 'http://shop.test', fetch });
  say(`event: connected\ndata: {}\n\n${event(1)}`);

  const seen: unknown[] = [];
  for await (const { id } of shop.events.stream({ after: 0 })) {
    seen.push(id);
    break;
  }
  say(event(2));
  connection?.close();
  await new Promise(setImmediate);

  expect(seen).toEqual([1]);
});
