import { randomUUID } from 'node:crypto';
import { createClient, type Inputs, type Outputs, type Shop } from '@baguni/sdk';
import type { Capabilities, Capability, Deployment, User } from './deployment.ts';
import { Wire } from './wire.ts';

export type Product = Outputs['products']['create'];
export type Coupon = Outputs['coupons']['create'];

/** A new customer, and the shop as they see it. */
export interface Customer {
  readonly user: User;
  readonly shop: Shop;
}

/** The deployment as one behaviour sees it, with users and goods of its own: their names occur nowhere else. */
export class Trial {
  readonly admin: Shop;
  readonly anonymous: Shop;
  /** For requests that no client would send. */
  readonly wire: Wire;
  /** A word that the names of this trial hold, and no others. */
  readonly word = randomUUID();
  readonly #deployment: Deployment;
  #named = 0;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.admin = this.#connect(deployment.adminKey);
    this.anonymous = this.#connect();
    this.wire = new Wire(deployment);
  }

  /** A name that nothing else has. */
  name(kind: string): string {
    return `${kind} ${this.word} ${++this.#named}`;
  }

  /** What the deployment offers of this; a behaviour that asks for it says before that it needs it. */
  means<C extends Capability>(capability: C): Capabilities[C] {
    const means: Partial<Capabilities>[C] = this.#deployment[capability];
    if (means === undefined) throw new Error(`The deployment has no ${capability}.`);
    return means;
  }

  /** A new customer with these points in the wallet. */
  async customer({ points = 0 }: { points?: number } = {}): Promise<Customer> {
    const name = this.name('Customer');
    const user = await this.admin.users.create({ name, externalId: name });
    if (points > 0) await this.admin.points.charge({ userId: user.id, amount: points });
    return { user, shop: this.#connect(() => this.#deployment.tokenOf(user)) };
  }

  customers(count: number): Promise<Customer[]> {
    return Promise.all(Array.from({ length: count }, () => this.customer()));
  }

  /** A product on sale for 1,000, with 10 in stock. */
  product(fields: Partial<Inputs['products']['create']> = {}): Promise<Product> {
    return this.admin.products.create({ name: this.name('Product'), price: 1_000, quantity: 10, ...fields });
  }

  /** How many pieces of a product are there to sell. */
  async stockOf({ id: productId }: { readonly id: number }): Promise<number> {
    return (await this.admin.products.get({ productId })).quantity;
  }

  /** A coupon of 100 off, ten of it to claim. */
  coupon(fields: Partial<Inputs['coupons']['create']> = {}): Promise<Coupon> {
    const name = this.name('Coupon');
    return this.admin.coupons.create({
      name,
      discountType: 'FIXED',
      discountValue: 100,
      totalQuantity: 10,
      ...fields,
    });
  }

  /** The time by which the deployment goes, near enough to be an hour before or after it. */
  async now(): Promise<Date> {
    return (await this.product()).createdAt;
  }

  tokenOf(user: User): string | Promise<string> {
    return this.#deployment.tokenOf(user);
  }

  /** A client with any token. */
  connect(token: string): Shop {
    return this.#connect(token);
  }

  #connect(token?: string | (() => string | Promise<string>)): Shop {
    const { url, fetch } = this.#deployment;
    return createClient({ url, fetch, ...(token !== undefined && { token }) });
  }
}

/** The time so many milliseconds after another; before it when negative. */
export function after(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}

export const HOUR_MS = 60 * 60 * 1_000;

/** One line of an order. */
export function lineOf({ id: productId }: { readonly id: number }, quantity = 1) {
  return { productId, quantity };
}
