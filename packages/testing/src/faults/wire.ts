import { AsyncLocalStorage } from 'node:async_hooks';
import { calledProcedures } from '@baguni/api';
import { ArmedFaults, HoldingFault } from './fault.ts';

/** What can go wrong between a client and the engine, and at the engine's door. */
export type WireFault = 'request-lost' | 'answer-lost' | 'slow' | 'overloaded';

/** So long a queue is none. */
const NO_PLACE = 0;

/** What the faults need to know of a request. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal | undefined;
}

/** Faults on the way from a client to the engine and back. */
export class WireFaults {
  readonly armed = new ArmedFaults<WireFault>();
  readonly #called = new AsyncLocalStorage<readonly string[]>();

  /** Carries a request to the engine and its answer back, unless one of them is lost. */
  async carry({ method, url, signal }: SentRequest, answer: () => Promise<Response>): Promise<Response> {
    const procedures = calledProcedures(method, new URL(url));
    if (procedures.length === 0) return answer();
    const struck = this.armed.strike(['request-lost', 'answer-lost', 'slow'], procedures);
    if (struck?.kind === 'request-lost') throw connectionLost();
    const response = await this.#called.run(procedures, answer);
    if (struck?.kind === 'answer-lost') throw connectionLost();
    if (struck?.fault instanceof HoldingFault) await unlessAborted(signal, struck.fault.hold());
    return response;
  }

  /** How many commands may wait: none while the engine is overloaded, else as many as ever. */
  readonly queueSizeMax = (): number | undefined =>
    this.armed.strike(['overloaded'], this.#called.getStore() ?? []) && NO_PLACE;
}

/** What `fetch` of Node rejects with: it cannot tell whether the request arrived. */
function connectionLost(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}

async function unlessAborted(signal: AbortSignal | undefined, held: Promise<void>): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([held, aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
