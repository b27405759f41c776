import type { InternalError, Shop } from '@baguni/api';
import type { Server } from '@baguni/api/server';
import { LastingPort } from './lasting-port.ts';

/** How an engine listens. */
export interface ListenOptions {
  /** The port; a free one unless said otherwise. */
  readonly port?: number;
  /** The origins whose pages may call the engine, such as `http://localhost:5173`; none unless said otherwise. */
  readonly corsOrigins?: readonly string[];
}

const HOST = '127.0.0.1';

interface Listener {
  readonly port: LastingPort;
  readonly options: ListenOptions;
  server: Server;
}

/** The servers of one engine. Their ports outlast its shop, which is another one after `restore`. */
export class Listeners {
  readonly #onInternalError: (error: InternalError) => void;
  readonly #listeners: Listener[] = [];

  constructor(onInternalError: (error: InternalError) => void) {
    this.#onInternalError = onInternalError;
  }

  async listen(shop: Shop, options: ListenOptions): Promise<string> {
    const port = await LastingPort.open(options.port ?? 0);
    this.#listeners.push({ port, options, server: await this.#serve(shop, port, options) });
    return `http://${HOST}:${port.number}`;
  }

  /** Finishes the requests under way. Later ones wait until the ports serve again. */
  async pause(): Promise<void> {
    await Promise.all(
      this.#listeners.map(async ({ port, server }) => {
        port.leadNowhere();
        await server.close();
        await port.emptied();
      }),
    );
  }

  /** Serves this shop at the same addresses as before. */
  async resume(shop: Shop): Promise<void> {
    for (const listener of this.#listeners) {
      listener.server = await this.#serve(shop, listener.port, listener.options);
    }
  }

  async close(): Promise<void> {
    await this.pause();
    await Promise.all(this.#listeners.map(({ port }) => port.close()));
  }

  async #serve(shop: Shop, port: LastingPort, { corsOrigins = [] }: ListenOptions): Promise<Server> {
    // Most tests never open a port, and the server is a third of what there is to load.
    const { Server } = await import('@baguni/api/server');
    const server = new Server(shop, false, { corsOrigins, onInternalError: this.#onInternalError });
    // It has to listen somewhere itself, or it would not look after its connections.
    await server.listen({ host: HOST, port: 0 });
    port.leadTo((visitor) => server.answerOn(visitor));
    return server;
  }
}
