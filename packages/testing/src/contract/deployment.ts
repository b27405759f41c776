import type { ClientOptions, Outputs } from '@baguni/sdk';

/** Somebody who shops at the deployment. */
export type User = Outputs['users']['create'];

/** The time of a deployment that a test can move. It stands still in between. */
export interface DeploymentClock {
  now(): Date | Promise<Date>;
  /** Moves the time forward, and returns once what has fallen due is done. */
  advance(by: { readonly milliseconds: number }): unknown;
}

/** A payment provider that moves no money. */
export interface TestPayments {
  /** What a customer names as the method of payment. */
  readonly method: string;
  /** The token with which a payment succeeds. */
  readonly approvedToken: string;
  /** The token with which a payment is declined. */
  readonly declinedToken: string;
}

/** What some behaviours need and not every deployment has. Without it they are skipped, and say so. */
export interface Capabilities {
  /** Moves the deployment's time: a test engine can. */
  readonly clock: DeploymentClock;
  /** Pays without money: a shop with a provider's test mode can. */
  readonly payments: TestPayments;
  /** Whether the books of the whole deployment may be recomputed; on a large one this takes a while. */
  readonly audit: true;
}

export type Capability = keyof Capabilities;

/** A deployment, as it is reached from outside. It need not be empty: what is already there is neither looked at nor changed. */
export interface Deployment extends Partial<Capabilities> {
  /** Where it answers, such as `https://shop.example.com`. */
  readonly url: string;
  /** An admin's API key. */
  readonly adminKey: string;
  /** A token for this user, as the app's own login would sign it. Its subject may be the user's `id` or `externalId`. */
  tokenOf(user: User): string | Promise<string>;
  /** What sends the requests, instead of the runtime's own `fetch`. */
  readonly fetch?: ClientOptions['fetch'];
}
