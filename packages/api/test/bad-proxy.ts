import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';

const REQUEST_FAULTS = ['lost', 'turned away', 'late', 'doubled'] as const;
const ANSWER_FAULTS = ['answer lost', 'answer late', 'answer cut off', 'answer shortened', 'answer replaced'] as const;
type Fault = (typeof REQUEST_FAULTS)[number] | (typeof ANSWER_FAULTS)[number];

export interface Badness {
  /** Chance, from 0 to 1 without 1. */
  readonly random: () => number;
  /** The part of the requests that meets a fault, and of the answers. */
  readonly share: number;
}

interface Sent {
  readonly path: string | undefined;
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Came {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * An HTTP proxy that loses, turns away, doubles and delays requests, and loses, cuts, replaces and delays answers.
 * What it delays goes on once the caller has given up, because that is when it does the most harm.
 */
export class BadProxy {
  readonly url: string;
  /** How often each fault struck. */
  readonly struck: Partial<Record<Fault, number>> = {};
  /** Where requests go; while it is pending they wait. */
  target: Promise<string>;
  /** Whether faults strike. */
  isBad = true;
  /** Called each time that a request has been sent on, with how many there were. */
  onSentOn: (count: number) => void = () => {};
  #sentOn = 0;
  readonly #badness: Badness;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #underWay = new Set<Promise<void>>();

  static async start(target: string, badness: Badness): Promise<BadProxy> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new BadProxy(target, badness, server);
  }

  private constructor(target: string, badness: Badness, server: Server) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('An HTTP server has no port.');
    this.url = `http://127.0.0.1:${address.port}`;
    this.target = Promise.resolve(target);
    this.#badness = badness;
    this.#server = server;
    server.on('request', (incoming, outgoing) => {
      const handled = this.#handle(incoming, outgoing).finally(() => this.#underWay.delete(handled));
      this.#underWay.add(handled);
    });
  }

  /** Waits until nothing is on its way any more, in either direction. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url: path, headers } = incoming;
    const givenUp = new Promise<void>((resolve) => outgoing.once('close', resolve));
    const sent: Sent = { method, path, headers, body: await text(incoming).catch(() => '') };
    const fault = this.#chance(REQUEST_FAULTS);
    if (fault === 'lost') return void outgoing.destroy();
    if (fault === 'turned away') return reply(outgoing, SORRY);
    if (fault === 'late') await givenUp;
    const second = fault === 'doubled' ? this.#sendOn(sent) : undefined;
    const came = await this.#sendOn(sent);
    await second;
    if (came === undefined) return void outgoing.destroy();

    switch (this.#chance(ANSWER_FAULTS)) {
      case 'answer lost':
        outgoing.destroy();
        return;
      case 'answer late':
        await givenUp;
        return;
      case 'answer cut off':
        outgoing.writeHead(came.status, { 'content-type': came.type, 'content-length': Buffer.byteLength(came.body) });
        outgoing.write(came.body.slice(0, came.body.length / 2), () => outgoing.destroy());
        return;
      case 'answer shortened':
        reply(outgoing, { ...came, body: came.body.slice(0, came.body.length / 2) });
        return;
      case 'answer replaced':
        reply(outgoing, SORRY);
        return;
      default:
        reply(outgoing, came);
    }
  }

  /** The server's answer, or nothing if the server went away before it came. */
  async #sendOn({ body, ...sent }: Sent): Promise<Came | undefined> {
    const { hostname, port } = new URL(await this.target);
    try {
      return await new Promise((resolve, reject) => {
        const onward = request({ ...sent, hostname, port, agent: this.#agent }, (answer) => {
          const { statusCode: status = 500, headers } = answer;
          const type = headers['content-type'] ?? '';
          text(answer).then((body) => resolve({ status, type, body }), reject);
        });
        onward.on('error', reject);
        onward.end(body, () => this.onSentOn(++this.#sentOn));
      });
    } catch {
      return undefined;
    }
  }

  #chance<F extends Fault>(faults: readonly F[]): F | undefined {
    const { random, share } = this.#badness;
    if (!this.isBad || random() >= share) return undefined;
    const fault = faults[Math.floor(random() * faults.length)];
    if (fault) this.struck[fault] = (this.struck[fault] ?? 0) + 1;
    return fault;
  }
}

const SORRY: Came = { status: 503, type: 'text/html', body: '<h1>Please come back later.</h1>' };

function reply(outgoing: ServerResponse, { status, type, body }: Came): void {
  outgoing.writeHead(status, { 'content-type': type }).end(body);
}
