import type { Misbehaviour, TestProvider } from '@baguni/api';
import { ArmedFaults, Fault, type FaultOptions } from './fault.ts';

/** How often a fault of the provider strikes. */
export type ProviderFaultOptions = Pick<FaultOptions, 'times'>;

type CollectionFault = 'decline' | 'time-out-before' | 'time-out-after' | 'late' | 'wrong-amount';
type RefundFault = 'decline' | 'time-out-before' | 'time-out-after';
type ProviderFault = `collect ${CollectionFault}` | `refund ${RefundFault}` | 'repeat webhook';

const COLLECTION_FAULTS = ['decline', 'time-out-before', 'time-out-after', 'late', 'wrong-amount'] as const;
const REFUND_FAULTS = ['decline', 'time-out-before', 'time-out-after'] as const;

/** What the payment provider of the method `test` does wrong. It strikes new collections, refunds and messages. */
export class ProviderFaults {
  readonly armed = new ArmedFaults<ProviderFault>();

  /** The next collection is declined: the customer has to pay in another way. */
  declines(options?: ProviderFaultOptions): Fault {
    return this.#arm('collect decline', 'provider.declines', options);
  }

  /** The next collection never reaches the provider, and no answer comes. */
  timesOut(options?: ProviderFaultOptions): Fault {
    return this.#arm('collect time-out-before', 'provider.timesOut', options);
  }

  /** The next collection is made, and no answer comes: the payment stays PENDING until the shop asks again. */
  timesOutAfterSuccess(options?: ProviderFaultOptions): Fault {
    return this.#arm('collect time-out-after', 'provider.timesOutAfterSuccess', options);
  }

  /** The next collection is under way until the test ends it with `engine.provider.approve` or `.decline`. */
  answersLate(options?: ProviderFaultOptions): Fault {
    return this.#arm('collect late', 'provider.answersLate', options);
  }

  /** The next collection takes one unit less than was asked. */
  collectsTooLittle(options?: ProviderFaultOptions): Fault {
    return this.#arm('collect wrong-amount', 'provider.collectsTooLittle', options);
  }

  /** The next refund is declined for good. */
  declinesRefunds(options?: ProviderFaultOptions): Fault {
    return this.#arm('refund decline', 'provider.declinesRefunds', options);
  }

  /** The next refund never reaches the provider, and no answer comes. */
  timesOutRefunds(options?: ProviderFaultOptions): Fault {
    return this.#arm('refund time-out-before', 'provider.timesOutRefunds', options);
  }

  /** The next refund is made, and no answer comes. */
  timesOutAfterRefunds(options?: ProviderFaultOptions): Fault {
    return this.#arm('refund time-out-after', 'provider.timesOutAfterRefunds', options);
  }

  /** The next message of `engine.deliverWebhook` comes a second time, under the same id. */
  repeatsWebhooks(options?: ProviderFaultOptions): Fault {
    return this.#arm('repeat webhook', 'provider.repeatsWebhooks', options);
  }

  /** Whether the message that was just delivered comes again. */
  isRepeating(): boolean {
    return this.armed.strike(['repeat webhook'], []) !== undefined;
  }

  /** Lets a provider meet these faults; gives what ends that. */
  attach(provider: TestProvider): () => void {
    return provider.misbehave(this.#misbehaviour);
  }

  readonly #misbehaviour: Misbehaviour = {
    collect: () => COLLECTION_FAULTS.find((fault) => this.armed.strike([`collect ${fault}`], [])),
    refund: () => REFUND_FAULTS.find((fault) => this.armed.strike([`refund ${fault}`], [])),
  };

  #arm(kind: ProviderFault, name: string, options: ProviderFaultOptions = {}): Fault {
    return this.armed.arm(kind, new Fault(name, options));
  }
}
