import { createServer } from 'node:http';

// The least that a Node server can do: what HTTP itself and the load generator cost.
const ANSWER = JSON.stringify({ id: 1, name: 'Product 1', price: 1000 });
const HEADERS = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) };

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, HEADERS).end(ANSWER);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  console.log(`Open at http://127.0.0.1:${address.port}`);
});
