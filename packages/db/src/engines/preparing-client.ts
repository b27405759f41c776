import pg from 'pg';

const MARK = '/* prepared */';

/** How many statements a connection keeps: each of them takes memory on the server. */
const PREPARED_MAX = 128;

/** Marks a statement that is sent again and again in the same words, so that the database need not plan it each time. */
export function asPrepared(text: string): string {
  return `${MARK} ${text}`;
}

/** A connection that keeps the statements prepared that are marked for it. */
export class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send: unknown = Reflect.get(this, 'query');
    if (typeof send !== 'function') throw new Error('The pg client has no query function.');
    // Not an override, because that would have to repeat all the forms in which `query` can be called.
    Object.defineProperty(this, 'query', {
      value: (query: unknown, ...rest: unknown[]) => Reflect.apply(send, this, [this.#named(query), ...rest]),
    });
  }

  #named(query: unknown): unknown {
    if (typeof query === 'string') return this.#withName(query, { text: query }) ?? query;
    if (!(query instanceof Object) || !('text' in query) || typeof query.text !== 'string') return query;
    return this.#withName(query.text, query) ?? query;
  }

  #withName(text: string, query: object): object | undefined {
    const name = text.startsWith(MARK) ? this.#nameOf(text) : undefined;
    return name === undefined ? undefined : { ...query, name };
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= PREPARED_MAX) return known;
    const name = `baguni_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
