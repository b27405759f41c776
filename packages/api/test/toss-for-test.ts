import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { TossProvider } from '../src/index.ts';

const SECRET_KEY = 'test_sk_of_nobody';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

type Answer = (response: ServerResponse) => void;

/** Documented messages of Toss Payments' Core API, from a server on this machine that moves no money. */
export async function startToss() {
  const payments = new Map<string, Record<string, unknown>>();
  const requests: Request[] = [];
  const planned: Answer[] = [];

  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: text ? JSON.parse(text) : {} };
    requests.push(request);
    const isKnown = headers.authorization === `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}`;
    if (!isKnown) return json(401, { code: 'UNAUTHORIZED_KEY', message: 'The key is not valid.' })(response);
    const answer = answerTo(request);
    return (planned.shift() ?? answer)(response);
  });

  function answerTo({ method, path, body }: Request): Answer {
    const orderId = String(body.orderId ?? path.split('/').at(-1));
    if (method === 'GET') return found(payments.get(orderId));
    if (path === '/v1/payments') {
      const url = `${address}/window/${orderId}`;
      payments.set(orderId, {
        paymentKey: `key-of-${orderId}`,
        orderId,
        status: 'READY',
        totalAmount: body.amount,
        balanceAmount: body.amount,
        currency: body.currency,
        method: null,
        checkout: { url },
        failure: null,
        cancels: null,
      });
      return found(payments.get(orderId));
    }
    if (path === '/v1/payments/confirm') {
      const known = payments.get(orderId) ?? { orderId, totalAmount: body.amount, currency: 'KRW', cancels: null };
      if (known.totalAmount !== body.amount) {
        return json(400, { code: 'INVALID_REQUEST', message: 'The amount is not the one of the payment.' });
      }
      if (body.paymentKey === 'a-stolen-card') {
        payments.set(orderId, {
          ...known,
          paymentKey: body.paymentKey,
          status: 'ABORTED',
          failure: { code: 'REJECT_CARD_PAYMENT', message: 'The limit or the balance was exceeded.' },
        });
        return json(403, { code: 'REJECT_CARD_PAYMENT', message: 'The limit or the balance was exceeded.' });
      }
      payments.set(orderId, { ...known, paymentKey: body.paymentKey, status: 'DONE', method: 'CARD' });
      return found(payments.get(orderId));
    }
    const known = [...payments.values()].find(({ paymentKey }) => path === `/v1/payments/${paymentKey}/cancel`);
    if (!known) return found(undefined);
    const before = Array.isArray(known.cancels) ? known.cancels : [];
    const cancel = {
      transactionKey: `cancel-${requests.length}`,
      cancelAmount: body.cancelAmount,
      cancelStatus: 'DONE',
    };
    const isWhole = body.cancelAmount === known.totalAmount;
    const cancelled = { ...known, status: isWhole ? 'CANCELED' : 'PARTIAL_CANCELED', cancels: [...before, cancel] };
    payments.set(String(known.orderId), cancelled);
    return found(cancelled);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const bound = server.address();
  const address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;

  return {
    address,
    requests,
    provider: new TossProvider({
      secretKey: SECRET_KEY,
      successUrl: 'https://shop.example/paid',
      failUrl: 'https://shop.example/not-paid',
      address,
    }),
    /** How the next request is answered; it is carried out all the same. */
    answerNext: (answer: Answer) => planned.push(answer),
    /** What Toss Payments knows of an order. */
    paymentOf: (orderId: string) => payments.get(orderId),
    /** The customer agrees in the payment window. */
    agree: (orderId: string) => payments.set(orderId, { ...payments.get(orderId), status: 'IN_PROGRESS' }),
  };
}

export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

export function raw(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end(body);
  };
}

/** Never answers. */
export const silence: Answer = () => {};

function found(payment: Record<string, unknown> | undefined): Answer {
  return payment ? json(200, payment) : json(404, { code: 'NOT_FOUND_PAYMENT', message: 'There is no such payment.' });
}
