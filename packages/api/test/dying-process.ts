import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** What goes over the network to a payment provider. */
const CALLS = new Set<string | symbol>(['collect', 'capture', 'lookUp', 'refund']);

/**
 * Stands for a process that dies in the middle of its work. Everything that it does to the world is a step: a message
 * to Postgres that is sent, one that is answered, a call of a payment provider that is made, one that has come back.
 * It dies at the step that it is told, and from then on it reaches nothing any more: Postgres sees its connections
 * break, the provider never hears of it again.
 */
export class DyingProcess {
  /** Postgres, as this process reaches it. */
  readonly databaseUrl: string;
  /** Settles when it dies. */
  readonly death: Promise<void>;
  steps = 0;
  isDead = false;

  readonly #died = Promise.withResolvers<void>();
  #dieAt = Number.POSITIVE_INFINITY;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  static async start(databaseUrl: string): Promise<DyingProcess> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new DyingProcess(new URL(databaseUrl), server);
  }

  private constructor(target: URL, server: Server) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    this.databaseUrl = url.href;
    this.death = this.#died.promise;
    this.#server = server;
    server.on('connection', (client) => this.#join(client, dial(Number(target.port), target.hostname)));
  }

  /** From here on steps are counted, and this one is the last. */
  dieAtStep(step: number): void {
    this.steps = 0;
    this.#dieAt = step;
  }

  /** A provider as this process reaches it: it may die before the call, or after it before it has the answer. */
  reaching<Provider extends object>(provider: Provider): Provider {
    const step = () => this.#step();
    return new Proxy(provider, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        // Its private fields are known to the provider alone.
        if (!CALLS.has(name)) return member.bind(target);
        return async (...args: unknown[]) => {
          if (step()) throw new Error('The process is dead.');
          const answer: unknown = await Reflect.apply(member, target, args);
          if (step()) throw new Error('The process is dead.');
          return answer;
        };
      },
    });
  }

  async end(): Promise<void> {
    this.#die();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Counts a step; whether the process is dead. */
  #step(): boolean {
    if (this.isDead) return true;
    this.steps++;
    if (this.steps === this.#dieAt) this.#die();
    return this.isDead;
  }

  #die(): void {
    this.isDead = true;
    this.#died.resolve();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, postgres: Socket): void {
    for (const socket of [client, postgres]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        postgres.destroy();
      });
    }
    if (this.isDead) {
      client.destroy();
      return;
    }
    let isAsked = false;
    client.on('data', (message) => {
      if (this.#step()) return;
      isAsked = true;
      postgres.write(message);
    });
    postgres.on('data', (answer) => {
      // An answer may come in several parts; it is one step.
      if (isAsked && this.#step()) return;
      isAsked = false;
      client.write(answer);
    });
  }
}
