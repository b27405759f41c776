import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
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
import { verifyStandardWebhook } from './standard-webhook.ts';

/** What the provider does when it is asked to collect. A caller chooses by the token of `payments.pay`. */
const TEST_BEHAVIOURS = [
  'approve',
  'decline',
  /** Nothing reaches the ledger, and no answer comes. */
  'time-out-before',
  /** It is collected, and no answer comes. */
  'time-out-after',
  /** It is collected, and the answer is an error of the server. */
  'error-after',
  /** PENDING, until `approve` or `decline` of the provider is called. */
  'late',
  /** One unit less is collected than was asked. */
  'wrong-amount',
] as const;
type TestBehaviour = (typeof TEST_BEHAVIOURS)[number];

/** What the provider does with a refund instead of what it should. */
type TestRefundBehaviour = Extract<TestBehaviour, 'decline' | 'time-out-before' | 'time-out-after'>;

/** Asked before each new collection and refund what to do with it; `undefined` leaves it as it is. */
export interface Misbehaviour {
  collect(): TestBehaviour | undefined;
  refund(): TestRefundBehaviour | undefined;
}

/** What the provider knows of one key. */
export interface TestCollection {
  readonly key: string;
  readonly amount: number;
  status: 'PAID' | 'PENDING' | 'DECLINED';
  readonly transactionId: string;
  readonly refunds: { readonly key: string; readonly amount: number; readonly transactionId: string }[];
}

/** A message as the provider sends it, for a test to deliver as often and as late as it likes. */
export interface TestWebhook {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const webhookBody = z.object({ type: z.string(), data: z.object({ key: z.string() }) });

/**
 * A payment provider that moves no money: it keeps a ledger in memory, and misbehaves on demand, by a payment's token
 * or as its test says.
 */
export class TestProvider implements PaymentProvider {
  readonly #collections = new Map<string, TestCollection>();
  readonly #secret: string;
  readonly #misbehaviours = new Set<Misbehaviour>();
  #between: (() => Promise<void>) | undefined;

  constructor({ secret = randomBytes(32).toString('base64') }: { secret?: string } = {}) {
    this.#secret = secret;
  }

  /** Lets this decide from now on what goes wrong; gives what ends that. */
  misbehave(misbehaviour: Misbehaviour): () => void {
    this.#misbehaviours.add(misbehaviour);
    return () => this.#misbehaviours.delete(misbehaviour);
  }

  /** Does something once the next collection is in the ledger and before it is answered. */
  beforeNextAnswer(between: () => Promise<void>): void {
    this.#between = between;
  }

  /** Everything that it was asked to collect, oldest first. */
  get ledger(): readonly TestCollection[] {
    return structuredClone([...this.#collections.values()]);
  }

  /** Makes the ledger what it was. */
  restore(ledger: readonly TestCollection[]): void {
    this.#collections.clear();
    for (const collection of structuredClone(ledger)) this.#collections.set(collection.key, collection);
  }

  /** What it holds of one key: collected, less what went back. */
  held(key: string): number {
    const collection = this.#collections.get(key);
    if (collection?.status !== 'PAID') return 0;
    return collection.refunds.reduce((left, { amount }) => left - amount, collection.amount);
  }

  /** Ends a late collection well. */
  approve(key: string): void {
    this.#endLate(key, 'PAID');
  }

  /** Ends a late collection badly. */
  decline(key: string): void {
    this.#endLate(key, 'DECLINED');
  }

  /** A signed message about a key. */
  webhook(key: string, { at, messageId = `msg_${randomUUID()}` }: { at: Date; messageId?: string }): TestWebhook {
    const body = JSON.stringify({ type: 'payment.changed', data: { key } });
    return {
      body,
      headers: {
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(this.#secret).sign(messageId, at, body),
      },
    };
  }

  async collect({ key, amount, token }: Collection): Promise<ProviderResult> {
    const known = this.#collections.get(key);
    if (known) return resultOf(known);
    const behaviour = firstOf(this.#misbehaviours, (each) => each.collect()) ?? token ?? 'approve';
    if (behaviour === 'time-out-before') throw new Error('The test provider did not answer in time.');
    if (!isBehaviour(behaviour)) return { status: 'FAILED', reason: 'The token is not known.' };
    const collection: TestCollection = {
      key,
      amount: behaviour === 'wrong-amount' ? amount - 1 : amount,
      status: behaviour === 'decline' ? 'DECLINED' : behaviour === 'late' ? 'PENDING' : 'PAID',
      transactionId: `test_${randomUUID()}`,
      refunds: [],
    };
    this.#collections.set(key, collection);
    const between = this.#between;
    this.#between = undefined;
    await between?.();
    if (behaviour === 'time-out-after') throw new Error('The test provider did not answer in time.');
    if (behaviour === 'error-after') throw new Error('The test provider answered 500.');
    return resultOf(collection);
  }

  async lookUp(key: string): Promise<ProviderResult | undefined> {
    const collection = this.#collections.get(key);
    return collection && resultOf(collection);
  }

  async refund({ key, amount, collection: { key: collectionKey } }: ProviderRefund): Promise<RefundResult> {
    const collection = this.#collections.get(collectionKey);
    if (!collection) throw new Error(`The test provider has never heard of ${collectionKey}.`);
    const known = collection.refunds.find((each) => each.key === key);
    if (known) return { status: 'COMPLETE', transactionId: known.transactionId };
    const behaviour = firstOf(this.#misbehaviours, (each) => each.refund());
    if (behaviour === 'time-out-before') throw new Error('The test provider did not answer in time.');
    if (behaviour === 'decline') return { status: 'FAILED', reason: 'The refund was declined.' };
    if (amount > this.held(collectionKey)) return { status: 'FAILED', reason: 'There is not that much left.' };
    const refund = { key, amount, transactionId: `test_${randomUUID()}` };
    collection.refunds.push(refund);
    if (behaviour === 'time-out-after') throw new Error('The test provider did not answer in time.');
    return { status: 'COMPLETE', transactionId: refund.transactionId };
  }

  verifyWebhook(message: WebhookMessage): WebhookVerdict {
    const verdict = verifyStandardWebhook(this.#secret, message);
    if ('refused' in verdict) return verdict;
    const body = webhookBody.safeParse(parsed(message.body));
    if (!body.success) return { refused: 'The message cannot be read.' };
    return { messageId: verdict.messageId, key: body.data.data.key };
  }

  #endLate(key: string, status: 'PAID' | 'DECLINED'): void {
    const collection = this.#collections.get(key);
    if (collection?.status !== 'PENDING') throw new Error(`Nothing is under way for ${key}.`);
    collection.status = status;
  }
}

function firstOf<Behaviour>(
  misbehaviours: Iterable<Misbehaviour>,
  ask: (misbehaviour: Misbehaviour) => Behaviour | undefined,
): Behaviour | undefined {
  for (const misbehaviour of misbehaviours) {
    const behaviour = ask(misbehaviour);
    if (behaviour !== undefined) return behaviour;
  }
  return undefined;
}

function isBehaviour(text: string): text is TestBehaviour {
  return TEST_BEHAVIOURS.some((behaviour) => behaviour === text);
}

function resultOf({ key, status, transactionId, amount }: TestCollection): ProviderResult {
  switch (status) {
    case 'PAID':
      return { status, key, transactionId, amount };
    case 'PENDING':
      return { status };
    case 'DECLINED':
      return { status: 'FAILED', reason: 'The card was declined.' };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
