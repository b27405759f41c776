import { Webhook } from 'standardwebhooks';
import type { Outputs } from './procedures.ts';

/** How far a message's time may lie from ours unless said otherwise: an older one may be a recording. */
const TOLERANCE_S = 300;

type EventView = Outputs['events']['list']['items'][number];
type Delivered<Event> = Event extends EventView ? Pick<Event, 'type' | 'schemaVersion' | 'occurredAt' | 'data'> : never;

/**
 * What an endpoint receives: a `switch` over `type` narrows `data`. A server that is newer than this package may send
 * types that are not in the list; let them pass.
 */
export type WebhookEvent = Delivered<EventView> & {
  /** The same for each delivery of one event, which may come more than once: keep it, and take each id once. */
  readonly id: string;
};

/** Why a message is not to be believed. */
export interface WebhookReasons {
  /** One of `webhook-id`, `webhook-timestamp` and `webhook-signature` is missing: it is no delivery of ours. */
  HEADERS_MISSING: 'HEADERS_MISSING';
  /** It was signed too long ago, or in the future: refuse it, and check this machine's clock. */
  TIMESTAMP_OUT_OF_TOLERANCE: 'TIMESTAMP_OUT_OF_TOLERANCE';
  /** No secret made this signature: refuse it, and check that the body is as it came, byte for byte. */
  SIGNATURE_INVALID: 'SIGNATURE_INVALID';
  /** It is signed, but is no event: the endpoint's secret signs something else as well. */
  BODY_INVALID: 'BODY_INVALID';
  /** The secret is not one that `events.createEndpoint` gave: check the configuration. */
  SECRET_INVALID: 'SECRET_INVALID';
}

/** What `verifyWebhook` throws. Answer with 400, and do nothing that the message says. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly reason: keyof WebhookReasons;

  constructor(reason: keyof WebhookReasons, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The headers of a request, as `fetch` and as Node gives them, or whatever else is asked for a header by `get`. */
export type WebhookHeaders = { get(name: string): HeaderValue | null } | Readonly<Record<string, HeaderValue>>;

type HeaderValue = string | readonly string[] | undefined;

export interface VerifyOptions {
  /** How far the message's time may lie from this machine's, in seconds; 300 unless said otherwise. */
  readonly toleranceS?: number | undefined;
  /** What time it is, for tests; now unless said otherwise. */
  readonly now?: Date | undefined;
}

/**
 * Checks that a message is a delivery of ours, and gives its event. `body` is the request's body as it came, before
 * anything parsed it; `secret` is what `events.createEndpoint` gave, or several while a new one replaces an old one.
 * Throws a `WebhookVerificationError`.
 */
export function verifyWebhook(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceS = TOLERANCE_S, now = new Date() }: VerifyOptions = {},
): WebhookEvent {
  // Compared with what is no number, every message would be of our time.
  if (!(toleranceS >= 0)) throw new RangeError(`toleranceS must be 0 or more; it is ${toleranceS}.`);
  if (Number.isNaN(now.getTime())) throw new RangeError('now must be a time.');
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!id || !signatures || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError('HEADERS_MISSING', 'The headers of a signed message are missing.');
  }
  const sentAt = new Date(Number(timestamp) * 1_000);
  if (Math.abs(now.getTime() - sentAt.getTime()) > toleranceS * 1_000) {
    throw new WebhookVerificationError('TIMESTAMP_OUT_OF_TOLERANCE', 'The message is too old, or from the future.');
  }
  const text = textOf(body);
  const given = signatures.split(' ');
  const expected = secretsIn(secret).map((one) => signatureOf(one, id, sentAt, text));
  // Every pair is compared, whether one before it fits or not, so that the time taken says nothing.
  const fitting = expected.flatMap((own) => given.filter((signature) => isSame(signature, own)));
  if (fitting.length === 0) {
    throw new WebhookVerificationError('SIGNATURE_INVALID', 'The signature is not valid.');
  }
  return eventIn(text, id);
}

export interface SignOptions {
  /** When the message was sent; now unless said otherwise. */
  readonly sentAt?: Date | undefined;
}

/** The request that the server would send for this event, to test what receives it. */
export function signWebhook(
  event: WebhookEvent,
  secret: string,
  { sentAt = new Date() }: SignOptions = {},
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(event);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': signatureOf(secret, event.id, sentAt, body),
    },
  };
}

function secretsIn(secret: string | readonly string[]): readonly string[] {
  return typeof secret === 'string' ? [secret] : secret;
}

// The library's own check takes the time of this machine and one tolerance for everybody; only its signature is used.
function signatureOf(secret: string, id: string, sentAt: Date, body: string): string {
  let webhook: Webhook;
  try {
    webhook = new Webhook(secret);
  } catch (cause) {
    throw new WebhookVerificationError('SECRET_INVALID', 'The secret is not one of an endpoint.', { cause });
  }
  return webhook.sign(id, sentAt, body);
}

// It takes as long for a signature that is nearly right as for any other of that length.
function isSame(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index++) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}

// A header that came several times tells nothing.
function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  const values = (isAsked(headers) ? [headers.get(name)] : valuesIn(headers, name)).flatMap((value) => value ?? []);
  return values.length === 1 ? values[0] : undefined;
}

// Not every `Headers` is the one of this realm.
function isAsked(headers: WebhookHeaders): headers is Extract<WebhookHeaders, { get(name: string): unknown }> {
  return typeof headers.get === 'function';
}

function valuesIn(headers: Readonly<Record<string, HeaderValue>>, name: string): HeaderValue[] {
  return Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

function textOf(body: string | Uint8Array | ArrayBuffer): string {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new WebhookVerificationError('SIGNATURE_INVALID', 'The body is not text, so it was not signed.', { cause });
  }
}

function eventIn(text: string, id: string): WebhookEvent {
  const event = parse(text);
  if (event?.id !== id || typeof event.type !== 'string' || typeof event.data !== 'object') {
    throw new WebhookVerificationError('BODY_INVALID', 'The message is signed, but it is no event.');
  }
  // Who holds the secret made it, so the data are believed to be what the type says.
  return { ...event, occurredAt: new Date(String(event.occurredAt)) } as WebhookEvent;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
