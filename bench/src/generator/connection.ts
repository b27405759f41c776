import { Client, type Dispatcher } from 'undici';
import type { HttpAnswer } from '../calls/answers.ts';
import type { HttpRequest } from '../calls/operation.ts';

const IDLE_MS = 10 * 60 * 1000;

/** One kept-alive connection to a server, with one request on it at a time. */
export class Connection {
  readonly #client: Client;

  constructor(origin: string, { isIdle = false }: { isIdle?: boolean } = {}) {
    // No timers for each request: a server that does not answer shows itself as a run that does not end.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0, ...(isIdle && { keepAliveTimeout: IDLE_MS }) };
    this.#client = new Client(origin, { pipelining: 1, ...timeouts });
  }

  get isConnected(): boolean {
    return this.#client.stats.connected;
  }

  ask({ method, path, headers, body }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#client.dispatch({ method, path, headers, body: body ?? null }, new Answering(resolve, reject));
    });
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }
}

const NOTHING = Buffer.alloc(0);

class Answering implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(resolve: (answer: HttpAnswer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first = NOTHING, ...more] = this.#chunks;
    this.#resolve({ status: this.#status, body: more.length === 0 ? first : Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
  }
}
