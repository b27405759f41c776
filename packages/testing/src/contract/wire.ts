import type { Deployment } from './deployment.ts';

/** An error as it travels. */
interface WireError {
  readonly message: string;
  readonly code: number;
  readonly data: {
    readonly reason: string;
    readonly details: { readonly issues?: readonly { readonly path: string; readonly message: string }[] };
    readonly retryable: boolean;
    readonly requestId: string;
    readonly code: string;
    readonly httpStatus: number;
  };
}

export interface WireAnswer {
  readonly status: number;
  /** The error, if the answer is one. */
  readonly error: WireError | undefined;
  /** The body as it came. */
  readonly text: string;
}

export interface WireRequest {
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The deployment's HTTP, for what only shows there. */
export class Wire {
  /** The API key of an admin. */
  readonly adminKey: string;
  readonly #base: string;
  readonly #fetch: NonNullable<Deployment['fetch']>;

  constructor({ url, fetch, adminKey }: Deployment) {
    this.#base = `${url.replace(/\/+$/, '')}/trpc/`;
    this.#fetch = fetch ?? ((...args) => globalThis.fetch(...args));
    this.adminKey = adminKey;
  }

  /** The answer to a request, once it is complete. */
  async send(path: string, request: WireRequest = {}): Promise<WireAnswer> {
    const response = await this.open(path, request);
    const text = await response.text();
    return { status: response.status, error: errorIn(response, text), text };
  }

  /** The answer to a request while it comes. */
  open(path: string, { method = 'GET', token, body, contentType, headers, signal }: WireRequest = {}) {
    return this.#fetch(this.#base + path, {
      method,
      headers: {
        'content-type': contentType ?? 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  }
}

/** A stream has begun before it is refused, so the error is one of its messages. */
const STREAMED_ERROR = /^event: serialized-error\ndata: (.*)$/m;

function errorIn({ headers }: Pick<Response, 'headers'>, text: string): WireError | undefined {
  const isStream = headers.get('content-type')?.startsWith('text/event-stream');
  const answer: { error?: { json: WireError }; json?: WireError } = JSON.parse(
    isStream ? (STREAMED_ERROR.exec(text)?.[1] ?? '{}') : text,
  );
  return isStream ? answer.json : answer.error?.json;
}
