import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** Takes over a connection that was accepted for it. */
export type Host = (visitor: Socket) => void;

/**
 * A port of this machine that stays open while the server behind it is replaced, so that nobody else can take it
 * meanwhile. Whoever connects while there is none waits for the next one.
 */
export class LastingPort {
  readonly #door: Server;
  readonly #waiting = new Set<Socket>();
  readonly #letIn = new Set<Socket>();
  #host: Host | undefined;

  private constructor() {
    // As an HTTP server accepts connections, and nothing is read from them before one has taken them over.
    this.#door = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (visitor) => {
      // Who breaks off is gone; without a listener the whole process would die of it.
      visitor.on('error', () => undefined);
      if (this.#host) this.#lead(visitor, this.#host);
      else this.#waiting.add(visitor);
    });
  }

  /** Opens this port; with 0 a free one. */
  static async open(port: number): Promise<LastingPort> {
    const opened = new LastingPort();
    opened.#door.listen({ host: HOST, port });
    await once(opened.#door, 'listening');
    return opened;
  }

  get number(): number {
    const address = this.#door.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
    return address.port;
  }

  /** Leads those who wait, and those who connect from now on, to this host. */
  leadTo(host: Host): void {
    this.#host = host;
    for (const visitor of this.#waiting) this.#lead(visitor, host);
    this.#waiting.clear();
  }

  /** Lets those wait who connect from now on. */
  leadNowhere(): void {
    this.#host = undefined;
  }

  /** Settles once the host has hung up on everybody who was let in. */
  async emptied(): Promise<void> {
    await Promise.all([...this.#letIn].map((visitor) => new Promise((resolve) => visitor.once('close', resolve))));
  }

  /** Closes the port. Whoever still waits is sent away. */
  async close(): Promise<void> {
    const closed = once(this.#door, 'close');
    this.#door.close();
    for (const visitor of this.#waiting) visitor.destroy();
    await closed;
  }

  #lead(visitor: Socket, host: Host): void {
    this.#letIn.add(visitor);
    visitor.once('close', () => this.#letIn.delete(visitor));
    host(visitor);
    visitor.resume();
  }
}
