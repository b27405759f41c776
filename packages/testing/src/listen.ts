import type { InternalError, Shop } from '@baguni/api';
import type { Server } from '@baguni/api/server';

/** How an engine listens. */
export interface ListenOptions {
  /** The port; a free one unless said otherwise. */
  readonly port?: number;
  /** The origins whose pages may call the engine, such as `http://localhost:5173`; none unless said otherwise. */
  readonly corsOrigins?: readonly string[];
}

const HOST = '127.0.0.1';

interface Listener {
  server: Server;
  readonly port: number;
  readonly options: ListenOptions;
}

/** The servers of one engine. They outlast its shop, which is another one after `restore`. */
export class Listeners {
  readonly #onInternalError: (error: InternalError) => void;
  readonly #listeners: Listener[] = [];

  constructor(onInternalError: (error: InternalError) => void) {
    this.#onInternalError = onInternalError;
  }

  async listen(shop: Shop, options: ListenOptions): Promise<string> {
    const server = await this.#serverFor(shop, options);
    const address = await server.listen({ host: HOST, port: options.port ?? 0 });
    this.#listeners.push({ server, port: Number(new URL(address).port), options });
    return address;
  }

  /** Serves this shop at the same addresses as before. */
  async reopen(shop: Shop): Promise<void> {
    for (const listener of this.#listeners) {
      listener.server = await this.#serverFor(shop, listener.options);
      await listener.server.listen({ host: HOST, port: listener.port });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map(({ server }) => server.close()));
  }

  async #serverFor(shop: Shop, { corsOrigins = [] }: ListenOptions): Promise<Server> {
    // Most tests never open a port, and the server is a third of what there is to load.
    const { Server } = await import('@baguni/api/server');
    return new Server(shop, false, { corsOrigins, onInternalError: this.#onInternalError });
  }
}
