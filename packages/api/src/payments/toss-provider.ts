import { z } from 'zod';
import type {
  Collection,
  PaymentProvider,
  ProviderRefund,
  ProviderResult,
  RefundResult,
  WebhookMessage,
  WebhookVerdict,
} from './provider.ts';

const ADDRESS = 'https://api.tosspayments.com';
/** An answer longer than this is not read: a payment object is a few kilobytes. */
const ANSWER_BYTES_MAX = 256 * 1024;
const REFUND_REASON_LENGTH_MAX = 200;

export interface TossOptions {
  /** `live_sk_…` or `test_sk_…`. */
  readonly secretKey: string;
  /** Where the customer comes back to from the payment window. */
  readonly successUrl: string;
  readonly failUrl: string;
  /** The shop's currency, as the account at Toss Payments has it; KRW unless said otherwise. */
  readonly currency?: string;
  /** Another address to send to, for tests. */
  readonly address?: string;
}

// https://docs.tosspayments.com/reference: of a payment object, what is needed here.
const payment = z.object({
  paymentKey: z.string().min(1),
  orderId: z.string(),
  status: z.enum([
    'READY',
    'IN_PROGRESS',
    'WAITING_FOR_DEPOSIT',
    'DONE',
    'CANCELED',
    'PARTIAL_CANCELED',
    'ABORTED',
    'EXPIRED',
  ]),
  totalAmount: z.int().nonnegative(),
  currency: z.string().optional(),
  checkout: z.object({ url: z.url({ protocol: /^https?$/ }) }).nullish(),
  failure: z.object({ code: z.string(), message: z.string() }).nullish(),
  cancels: z.array(z.object({ transactionKey: z.string().min(1), cancelAmount: z.int() })).nullish(),
});
type TossPayment = z.infer<typeof payment>;

const refusal = z.object({ code: z.string(), message: z.string() });
const webhookBody = z.object({
  eventType: z.string(),
  data: z.object({ orderId: z.string(), paymentKey: z.string(), status: z.string() }),
});

/** Codes with which a request is refused though the payment may have been, or may still be, carried out. */
const UNSETTLED = new Set([
  'ALREADY_PROCESSED_PAYMENT',
  'IDEMPOTENT_REQUEST_PROCESSING',
  'PROVIDER_ERROR',
  'FAILED_INTERNAL_SYSTEM_PROCESSING',
  'FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING',
  'UNKNOWN_PAYMENT_ERROR',
]);

/**
 * Toss Payments over its Core API. Our key is their `orderId`, so a payment can be looked up by it.
 *
 * With the `paymentKey` that their SDK gave the customer's page as token, the payment is confirmed at once; without
 * one a payment window is opened, where the customer agrees (IN_PROGRESS), and then it is captured.
 */
export class TossProvider implements PaymentProvider {
  readonly #options: TossOptions;
  readonly #authorization: string;

  constructor(options: TossOptions) {
    this.#options = options;
    this.#authorization = `Basic ${Buffer.from(`${options.secretKey}:`).toString('base64')}`;
  }

  async collect(collection: Collection, signal: AbortSignal): Promise<ProviderResult> {
    const { key, amount, description, token } = collection;
    if (token !== undefined) return this.#confirm(token, collection, signal);
    const { successUrl, failUrl, currency = 'KRW' } = this.#options;
    const body = { method: 'CARD', amount, currency, orderId: key, orderName: description, successUrl, failUrl };
    const answer = await this.#post('/v1/payments', body, key, signal);
    return 'refusal' in answer ? this.#refused(answer.refusal) : this.#resultOf(answer.payment);
  }

  async capture(collection: Collection, signal: AbortSignal): Promise<ProviderResult> {
    const found = await this.#find(collection.key, signal);
    if (!found) throw new Error(`Toss Payments does not know ${collection.key}.`);
    if (found.status !== 'IN_PROGRESS') return this.#resultOf(found);
    return this.#confirm(found.paymentKey, collection, signal);
  }

  async lookUp(key: string, signal: AbortSignal): Promise<ProviderResult | undefined> {
    const found = await this.#find(key, signal);
    return found && this.#resultOf(found);
  }

  async refund({ key, collection, amount, reason }: ProviderRefund, signal: AbortSignal): Promise<RefundResult> {
    const path = `/v1/payments/${encodeURIComponent(collection.transactionId)}/cancel`;
    const body = { cancelReason: reason.slice(0, REFUND_REASON_LENGTH_MAX), cancelAmount: amount };
    const answer = await this.#post(path, body, key, signal);
    if ('refusal' in answer) {
      const { code, message } = answer.refusal;
      if (UNSETTLED.has(code)) return { status: 'PENDING' };
      return { status: 'FAILED', reason: `${code}: ${message}` };
    }
    const cancel = answer.payment.cancels?.at(-1);
    if (cancel?.cancelAmount !== amount || answer.payment.orderId !== collection.key) {
      throw new Error(`Toss Payments cancelled something else than ${amount} of ${collection.key}.`);
    }
    return { status: 'COMPLETE', transactionId: cancel.transactionKey };
  }

  /**
   * Toss Payments does not sign the messages about payments, so anybody may send one. None is believed: a message
   * leads to a question to Toss Payments, and the answer counts. What keeps floods of them out is before the server.
   */
  verifyWebhook({ body, headers }: WebhookMessage): WebhookVerdict {
    const message = webhookBody.safeParse(jsonOf(body));
    if (!message.success) return { refused: 'The message cannot be read.' };
    const { eventType, data } = message.data;
    if (eventType !== 'PAYMENT_STATUS_CHANGED') return { refused: 'The message is not about a payment.' };
    const messageId = headers.get('tosspayments-webhook-transmission-id');
    if (!messageId) return { refused: 'The message has no id.' };
    return { messageId, key: data.orderId };
  }

  async #confirm(paymentKey: string, { key, amount }: Collection, signal: AbortSignal): Promise<ProviderResult> {
    const body = { paymentKey, orderId: key, amount };
    // To open the window and to confirm are two requests about one payment, so each has its own key.
    const answer = await this.#post('/v1/payments/confirm', body, `${key}-confirm`, signal);
    return 'refusal' in answer ? this.#refused(answer.refusal) : this.#resultOf(answer.payment);
  }

  #refused({ code, message }: z.infer<typeof refusal>): ProviderResult {
    return UNSETTLED.has(code) ? { status: 'PENDING' } : { status: 'FAILED', reason: `${code}: ${message}` };
  }

  #resultOf(found: TossPayment): ProviderResult {
    const { status, orderId, paymentKey, totalAmount, checkout, failure, currency } = found;
    const expected = this.#options.currency ?? 'KRW';
    if (currency !== undefined && currency !== expected) {
      throw new Error(`Toss Payments answered in ${currency} instead of ${expected}.`);
    }
    switch (status) {
      case 'DONE':
      // What is cancelled was collected before: our own refunds say what went back.
      case 'CANCELED':
      case 'PARTIAL_CANCELED':
        return { status: 'PAID', key: orderId, transactionId: paymentKey, amount: totalAmount };
      case 'IN_PROGRESS':
        return { status: 'AUTHORIZED' };
      case 'READY':
      case 'WAITING_FOR_DEPOSIT':
        return { status: 'PENDING', ...(checkout && { nextUrl: checkout.url }) };
      case 'ABORTED':
      case 'EXPIRED':
        return { status: 'FAILED', reason: failure ? `${failure.code}: ${failure.message}` : status };
    }
  }

  async #find(key: string, signal: AbortSignal): Promise<TossPayment | undefined> {
    const answer = await this.#send('GET', `/v1/payments/orders/${encodeURIComponent(key)}`, {}, signal);
    if (!('refusal' in answer)) return answer.payment;
    const { code, message } = answer.refusal;
    if (answer.status === 404 && code === 'NOT_FOUND_PAYMENT') return undefined;
    throw new Error(`Toss Payments answered ${answer.status} ${code}: ${message}`);
  }

  #post(path: string, body: object, idempotencyKey: string, signal: AbortSignal): Promise<TossAnswer> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
    return this.#send('POST', path, { headers, body: JSON.stringify(body) }, signal);
  }

  /** A payment, or a refusal that is Toss Payments' own word. Everything else throws: then nobody knows. */
  async #send(
    method: 'GET' | 'POST',
    path: string,
    { headers, body }: { headers?: Record<string, string>; body?: string },
    signal: AbortSignal,
  ): Promise<TossAnswer> {
    const response = await fetch(new URL(path, this.#options.address ?? ADDRESS), {
      method,
      headers: { authorization: this.#authorization, 'accept-language': 'en-US', ...headers },
      ...(body !== undefined && { body }),
      // The secret key goes to this address and to no other.
      redirect: 'error',
      signal,
    });
    const answer = jsonOf(await textOf(response));
    if (response.ok) return { payment: payment.parse(answer) };
    const refused = refusal.safeParse(answer);
    // Being throttled, or not let in, says nothing about the payment either.
    const isAnswered =
      response.status >= 400 && response.status < 500 && ![401, 408, 409, 425, 429].includes(response.status);
    if (!refused.success || !isAnswered) throw new Error(`Toss Payments answered ${response.status}.`);
    return { status: response.status, refusal: refused.data };
  }
}

type TossAnswer =
  | { readonly payment: TossPayment }
  | { readonly status: number; readonly refusal: z.infer<typeof refusal> };

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('Toss Payments sent an answer that is too long.');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
