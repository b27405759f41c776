import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';

/** An endpoint that answers with this status, and remembers when each message says that it was sent. */
export async function receiverOf(status: number): Promise<{ url: string; sentAt: Date[] }> {
  const sentAt: Date[] = [];
  const server = createServer((request, response) => {
    sentAt.push(new Date(Number(request.headers['webhook-timestamp']) * 1_000));
    request.resume().on('end', () => response.writeHead(status).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return { url: `http://127.0.0.1:${address.port}/`, sentAt };
}
