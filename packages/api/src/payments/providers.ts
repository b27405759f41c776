import type {
  Collection,
  PaymentProvider,
  ProviderRefund,
  ProviderResult,
  RefundResult,
  WebhookMessage,
  WebhookVerdict,
} from './provider.ts';

/** How long a provider may take over one call. */
const DEADLINE_MS = 10_000;

/** A call of a provider that did not say how it ended. */
export interface ProviderFailure {
  readonly method: string;
  readonly key: string;
  readonly error: unknown;
}

export interface ProvidersOptions {
  /** How long a provider may take over one call, in milliseconds; 10,000 unless said otherwise. */
  readonly deadlineMs?: number | undefined;
  /** Told of each call that did not say how it ended, for the log. */
  readonly onFailure?: ((failure: ProviderFailure) => void) | undefined;
}

/** Nobody knows yet: the call failed or took too long. It may have been carried out all the same. */
interface Unknown {
  readonly status: 'UNKNOWN';
}

/** What is known of a collection. AUTHORIZED never is: what may be captured is. */
export type CollectionResult = Exclude<ProviderResult, { status: 'AUTHORIZED' }> | Unknown;

/**
 * The shop's payment providers by method. Each call has its end, and one that fails answers UNKNOWN,
 * which is never the same as FAILED.
 */
export class Providers {
  readonly #byMethod: ReadonlyMap<string, PaymentProvider>;
  readonly #deadlineMs: number;
  readonly #onFailure: (failure: ProviderFailure) => void;

  constructor(byMethod: Readonly<Record<string, PaymentProvider>>, { deadlineMs, onFailure }: ProvidersOptions = {}) {
    this.#byMethod = new Map(Object.entries(byMethod));
    this.#deadlineMs = deadlineMs ?? DEADLINE_MS;
    this.#onFailure = onFailure ?? (() => {});
  }

  has(method: string): boolean {
    return this.#byMethod.has(method);
  }

  /** Collects what has not been asked for before. */
  async collect(method: string, collection: Collection): Promise<CollectionResult> {
    const call = (provider: PaymentProvider) => this.#within((signal) => provider.collect(collection, signal));
    return this.#captured(method, collection, await this.#ask(method, collection.key, call));
  }

  /**
   * How a collection stands that may have been asked for before; `NEVER_HEARD` when the provider does not know it.
   * What the customer has agreed to is captured, if it is still wanted.
   */
  async lookUp(
    method: string,
    collection: Collection,
    { isWanted }: { isWanted: boolean },
  ): Promise<CollectionResult | { readonly status: 'NEVER_HEARD' }> {
    const result = await this.#ask(method, collection.key, async (provider) => {
      const found = await this.#within((signal) => provider.lookUp(collection.key, signal));
      return found ?? ({ status: 'NEVER_HEARD' } as const);
    });
    if (result.status === 'NEVER_HEARD') return result;
    // What the customer agreed to and nobody captures, the provider lets go of by itself.
    if (result.status === 'AUTHORIZED' && !isWanted) return { status: 'FAILED', reason: 'It was no longer wanted.' };
    return this.#captured(method, collection, result);
  }

  refund(method: string, refund: ProviderRefund): Promise<RefundResult | Unknown> {
    return this.#ask(method, refund.key, (provider) => this.#within((signal) => provider.refund(refund, signal)));
  }

  /** `undefined` when there is no such provider. */
  verifyWebhook(method: string, message: WebhookMessage): WebhookVerdict | undefined {
    return this.#byMethod.get(method)?.verifyWebhook(message);
  }

  async #captured(method: string, collection: Collection, result: ProviderResult | Unknown): Promise<CollectionResult> {
    if (result.status !== 'AUTHORIZED') return result;
    const captured = await this.#ask(method, collection.key, (provider) => {
      const { capture } = provider;
      if (!capture) throw new Error(`The provider ${method} answers AUTHORIZED but cannot capture.`);
      return this.#within((signal) => capture.call(provider, collection, signal));
    });
    return captured.status === 'AUTHORIZED' ? { status: 'PENDING' } : captured;
  }

  async #ask<Result>(
    method: string,
    key: string,
    call: (provider: PaymentProvider) => Promise<Result>,
  ): Promise<Result | Unknown> {
    try {
      const provider = this.#byMethod.get(method);
      if (!provider) throw new Error(`There is no payment provider ${method}.`);
      return await call(provider);
    } catch (error) {
      this.#onFailure({ method, key, error });
      return { status: 'UNKNOWN' };
    }
  }

  /** Also ends the wait for a provider that does not mind the signal. */
  async #within<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const signal = AbortSignal.timeout(this.#deadlineMs);
    const late = Promise.withResolvers<never>();
    const onAbort = () => late.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([call(signal), late.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
