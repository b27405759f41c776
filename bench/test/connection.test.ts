import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connection } from '../src/generator/connection.ts';

const GET = { method: 'GET', path: '/', headers: {} } as const;

async function connectionTo(listener: RequestListener): Promise<Connection> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const connection = new Connection(`http://127.0.0.1:${addressOf(server.address()).port}`);
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  return connection;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address === 'string' || address === null) throw new Error('The server has no port.');
  return address;
}

test('requests go one after the other over one connection, with what they carry', async () => {
  const ports = new Set<number | undefined>();
  const connection = await connectionTo(async (request, response) => {
    ports.add(request.socket.remotePort);
    const { method, url, headers } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    response.statusCode = 201;
    response.end(JSON.stringify({ method, url, authorization: headers.authorization, body }));
  });
  for (const body of ['{"name":"감귤"}', '']) {
    const { status, body: answer } = await connection.ask({
      method: 'POST',
      path: '/orders?now',
      headers: { authorization: 'Bearer me' },
      body,
    });
    expect(status).toBe(201);
    expect(JSON.parse(answer.toString())).toEqual({
      method: 'POST',
      url: '/orders?now',
      authorization: 'Bearer me',
      body,
    });
  }
  expect(ports.size).toBe(1);
});

test('an answer that takes many reads comes whole', async () => {
  const text = 'tangerines '.repeat(100_000);
  const connection = await connectionTo((_request, response) => {
    response.setHeader('content-length', text.length);
    response.end(text);
  });
  const { body } = await connection.ask(GET);
  expect(body.toString() === text).toBe(true);
});

test('an answer that does not say how long it is fails instead of being cut', async () => {
  const connection = await connectionTo((_request, response) => {
    response.write('a piece');
    response.end();
  });
  await expect(connection.ask(GET)).rejects.toThrow('does not say how long it is');
});

test('a connection that ends before the answer says so, and the next request gets another one', async () => {
  let count = 0;
  const connection = await connectionTo((request, response) => {
    count++;
    if (count === 1) request.socket.destroy();
    else response.end('here');
  });
  await expect(connection.ask(GET)).rejects.toThrow();
  expect((await connection.ask(GET)).body.toString()).toBe('here');
});
