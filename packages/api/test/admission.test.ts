import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Admission } from '../src/admission.ts';

/** A full server, whose listener only notes what it is left to answer. */
async function fullServer() {
  const left: (string | undefined)[] = [];
  let noted = Promise.withResolvers<void>();
  const server = new Admission({ inFlightMax: 0, answersPages: false }).createServer({}, ({ url }) => {
    left.push(url);
    noted.resolve();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => server.closeAllConnections());
  const address = server.address();
  if (typeof address === 'string' || address === null) throw new Error('The server has no port.');
  const { port } = address;
  const nextIsLeft = async () => {
    await noted.promise;
    noted = Promise.withResolvers<void>();
  };
  return { server, port, left, nextIsLeft };
}

test('a full server turns calls away by itself, and leaves everything else to its listener', async () => {
  const { port, left, nextIsLeft } = await fullServer();
  const status = await new Promise((resolve) => {
    request({ port, path: '/trpc/products.list' }, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(503);
  expect(left).toEqual([]);
  request({ port, path: '/healthz' })
    .on('error', () => undefined)
    .end();
  await nextIsLeft();
  expect(left).toEqual(['/healthz']);
});

test('a full server that closes turns nobody away by itself, because its listener tells clients to leave', async () => {
  const { server, port, left, nextIsLeft } = await fullServer();
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET /healthz HTTP/1.1\r\nhost: shop\r\n\r\n');
  await nextIsLeft();
  server.close();
  socket.write('GET /trpc/products.list HTTP/1.1\r\nhost: shop\r\n\r\n');
  await nextIsLeft();
  expect(left).toEqual(['/healthz', '/trpc/products.list']);
});
