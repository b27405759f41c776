/**
 * A payment provider: the one seam between the shop and whoever moves the money. Amounts are integers in the
 * smallest unit of the shop's currency.
 *
 * Everything is named by a key of ours, and a provider treats the same key as the same thing: to collect twice
 * under one key collects once. So a call may be repeated whenever it is not known how the last one ended.
 * A call that throws, or takes too long, has said nothing about that.
 */
export interface PaymentProvider {
  /** Collects an amount, or says what has to happen first. */
  collect(collection: Collection, signal: AbortSignal): Promise<ProviderResult>;
  /** Takes what the customer has agreed to, for a provider that answers AUTHORIZED. */
  capture?(collection: Collection, signal: AbortSignal): Promise<ProviderResult>;
  /** How a collection stands; `undefined` when the provider has never heard of the key. */
  lookUp(key: string, signal: AbortSignal): Promise<ProviderResult | undefined>;
  /** Sends money back. */
  refund(refund: ProviderRefund, signal: AbortSignal): Promise<RefundResult>;
  /** Whether a message comes from the provider, and what it is about. It is no more than a hint to look there. */
  verifyWebhook(message: WebhookMessage): WebhookVerdict;
}

/** What is to be collected. */
export interface Collection {
  readonly key: string;
  readonly amount: number;
  /** What the customer reads at the provider. */
  readonly description: string;
  /** What the provider gave the customer's page, if it did: it stands for a card, or for an agreement to pay. */
  readonly token?: string | undefined;
}

export type ProviderResult =
  /** Collected. Key and amount are the provider's own word; they are compared with what was asked. */
  | { readonly status: 'PAID'; readonly key: string; readonly transactionId: string; readonly amount: number }
  /** The customer has agreed; nothing is collected until it is captured. */
  | { readonly status: 'AUTHORIZED' }
  /** Under way; the customer goes on at `nextUrl`, if there is one. */
  | { readonly status: 'PENDING'; readonly nextUrl?: string }
  /** The provider's final word: not collected, and it will not be. */
  | { readonly status: 'FAILED'; readonly reason: string };

export interface ProviderRefund {
  readonly key: string;
  /** What it is taken back from. */
  readonly collection: { readonly key: string; readonly transactionId: string };
  readonly amount: number;
  readonly reason: string;
}

export type RefundResult =
  | { readonly status: 'COMPLETE'; readonly transactionId: string }
  | { readonly status: 'PENDING' }
  /** The provider's final word: the money is not sent back. */
  | { readonly status: 'FAILED'; readonly reason: string };

/** A message that says to come from a provider. */
export interface WebhookMessage {
  /** As it came: a signature is over these very characters. */
  readonly body: string;
  readonly headers: Headers;
  readonly now: Date;
}

export type WebhookVerdict =
  | { readonly messageId: string; readonly key: string }
  /** Why the message is not believed. */
  | { readonly refused: string };
