import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { connect } from '../connect.ts';

/** A data platform: it takes the shop's events, checks who sent them, and counts each once. */
export async function run(options: readonly string[]): Promise<void> {
  const { where, admin, customer, deliverEvents, close } = await connect(options);
  const user = await admin.users.create({ name: 'Lee Jiwoo' });
  let webhook: Webhook | undefined;
  const seen = new Set<string>();
  const seenOrder = Promise.withResolvers<void>();

  const server = createServer(async (request, response) => {
    const body = await text(request);
    try {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      if (!webhook) throw new Error('Nothing is expected yet.');
      webhook.verify(body, Object.fromEntries(headers));
    } catch {
      response.writeHead(401).end();
      return;
    }
    const { id, type, data } = JSON.parse(body);
    // An event may come more than once, always under the same id.
    if (!seen.has(id)) console.log(`  ${id}  ${type}  ${JSON.stringify(data)}`);
    seen.add(id);
    response.writeHead(204).end();
    if (type === 'order.placed' && data.userId === user.id) seenOrder.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address instanceof Object ? address.port : undefined;

  const endpoint = await admin.events.createEndpoint({ url: `http://127.0.0.1:${port}/events` });
  webhook = new Webhook(endpoint.secret);
  console.log(`Events of ${where}, as ${endpoint.url} receives them (Ctrl-C ends it):\n`);

  const product = await admin.products.create({ name: 'Ceramic cup', price: 12_000, quantity: 6 });
  await customer(user).orders.place({ items: [{ productId: product.id, quantity: 1 }] });
  await deliverEvents();
  await Promise.race([seenOrder.promise, once(process, 'SIGINT')]);

  await admin.events.disableEndpoint({ endpointId: endpoint.id });
  server.close();
  server.closeAllConnections();
  await close();
}
