import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import type { Agent, request } from 'undici';
import { DomainError } from '../errors.ts';

/** How long an endpoint may take to answer, from the connection to the end of its answer. */
const ANSWER_MAX_MS = 15_000;
const CONNECT_MAX_MS = 5_000;
/** What an endpoint answers is not read; past this the connection is given up. */
const ANSWER_BYTES_MAX = 16 * 1024;
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Sends to endpoints, which are anybody's addresses: follows no redirect, waits only so long, and unless private
 * addresses are allowed connects to public ones only, so that nobody reaches the shop's own network through it.
 */
export class EndpointClient {
  readonly #allowPrivate: boolean;
  #opened: Promise<Sender> | undefined;

  constructor({ allowPrivate = false }: { allowPrivate?: boolean | undefined } = {}) {
    this.#allowPrivate = allowPrivate;
  }

  /** Refuses with `ENDPOINT_URL_REFUSED` a URL that can be seen to lead to a private address. */
  assertAllowed(url: string): void {
    if (this.#allowPrivate || isPublicHost(hostOf(url))) return;
    throw new DomainError('ENDPOINT_URL_REFUSED', `The host of ${url} is not a public one.`, { url });
  }

  /** Posts JSON; gives the status of the answer. */
  async post(url: string, headers: Record<string, string>, body: string): Promise<number> {
    // An address that stands in the URL itself is connected to without being looked up.
    this.assertAllowed(url);
    this.#opened ??= openSender(this.#allowPrivate);
    const sender = await this.#opened;
    const answer = await sender.request(url, {
      method: 'POST',
      dispatcher: sender.agent,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    await answer.body.dump({ limit: ANSWER_BYTES_MAX });
    return answer.statusCode;
  }

  async close(): Promise<void> {
    const opened = await this.#opened;
    await opened?.agent.destroy();
  }
}

interface Sender {
  readonly agent: Agent;
  readonly request: typeof request;
}

/** Loads the HTTP client, which most engines of tests never need. */
async function openSender(allowPrivate: boolean): Promise<Sender> {
  const undici = await import('undici');
  const connect = { timeout: CONNECT_MAX_MS, ...(!allowPrivate && { lookup: lookupPublic }) };
  return { agent: new undici.Agent({ connect }), request: undici.request };
}

// The URL parser writes every form of an IPv4 address (decimal, hexadecimal, shortened) as four decimal numbers.
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isPublicHost(host: string): boolean {
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  return host !== 'localhost' && !host.endsWith('.localhost');
}

// `process` looks into an IPv6 address that stands for an IPv4 one.
function isPublicAddress(address: string): boolean {
  const known = ipaddr.process(address);
  // Of IPv6, public addresses all lie in one part; the old forms that stand for IPv4 addresses lie outside.
  return known.range() === 'unicast' && (known.kind() === 'ipv4' || known.match(PUBLIC_IPV6));
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a name up for a connection, and fails if any of its addresses is not public: the one checked is the one used. */
function lookupPublic(hostname: string, options: LookupOptions, callback: Found): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error) callback(error, []);
    else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new Error(`${hostname} does not lead to a public address.`), []);
    } else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
