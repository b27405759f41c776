import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** An event as an endpoint receives it. */
export interface Message {
  id: string;
  type: string;
  schemaVersion: number;
  occurredAt: string;
  data: Record<string, unknown>;
}

interface Received {
  readonly message: Message;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A data platform on a port of its own. `answer` gives the status for each request; what got 200 it has taken. */
export async function receiverWith(answer: (message: Message) => number = () => 200) {
  const requests: Received[] = [];
  const taken: Message[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const message: Message = JSON.parse(body);
    requests.push({ message, body, headers: headersOf(request) });
    const status = answer(message);
    if (status === 200) taken.push(message);
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = address instanceof Object ? address.port : undefined;
  return { url: `http://127.0.0.1:${port}/hook`, requests, taken };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
