import type { Shop as Client, Inputs, Outputs } from '@baguni/sdk';

type Product = Outputs['products']['create'];
type User = Outputs['users']['create'];
type Coupon = Outputs['coupons']['create'];
type Order = Outputs['orders']['place'];

/** What a test says about a product; the rest is made up. */
export interface GivenProduct extends Partial<Inputs['products']['create']> {
  /** Pieces in stock; 10 unless said otherwise. */
  readonly stock?: number;
}

/** What a test says about a user; the rest is made up. */
export interface GivenUser extends Partial<Inputs['users']['create']> {
  /** Points in the wallet; none unless said otherwise. */
  readonly points?: number;
}

/** What a test says about an order; the rest is made up. */
export interface GivenOrder {
  /** Who orders; a new user unless named. */
  readonly user?: { readonly id: number };
  /** What is ordered; one piece of a new product unless named. */
  readonly items?: { productId: number; quantity: number }[];
  /** Points to spend: `'all'` pays the whole order with points that are charged first. */
  readonly points?: number | 'all';
}

/**
 * Makes what a test begins with, through the real commands. A test says what matters to it;
 * names count up, so that they tell things apart and are the same at each run.
 */
export class Given {
  readonly #admin: Client;
  readonly #customer: (user: { readonly id: number }) => Client;
  #made = { products: 0, users: 0, coupons: 0 };

  constructor(admin: Client, customer: (user: { readonly id: number }) => Client) {
    this.#admin = admin;
    this.#customer = customer;
  }

  /** A product on sale for 1,000, with 10 in stock. */
  product({ stock = 10, ...fields }: GivenProduct = {}): Promise<Product> {
    const name = `Product ${++this.#made.products}`;
    return this.#admin.products.create({ name, price: 1_000, quantity: stock, ...fields });
  }

  /** A user with an empty wallet. */
  async user({ points = 0, ...fields }: GivenUser = {}): Promise<User> {
    const user = await this.#admin.users.create({ name: `User ${++this.#made.users}`, ...fields });
    if (points > 0) await this.#admin.points.charge({ userId: user.id, amount: points });
    return user;
  }

  /** A coupon of 1,000 off, 100 of it to claim. */
  coupon(fields: Partial<Inputs['coupons']['create']> = {}): Promise<Coupon> {
    const name = `Coupon ${++this.#made.coupons}`;
    return this.#admin.coupons.create({
      name,
      discountType: 'FIXED',
      discountValue: 1_000,
      totalQuantity: 100,
      ...fields,
    });
  }

  /** An order of one piece of a new product by a new user, waiting for its payment. */
  async order({ user, items, points = 0 }: GivenOrder = {}): Promise<Order> {
    const { id: userId } = user ?? (await this.user());
    const lines = items ?? [{ productId: (await this.product()).id, quantity: 1 }];
    const spent = points === 'all' ? await this.#priceOf(lines) : points;
    if (points === 'all' && spent > 0) await this.#admin.points.charge({ userId, amount: spent });
    return this.#customer({ id: userId }).orders.place({ items: lines, points: spent });
  }

  async #priceOf(lines: readonly { productId: number; quantity: number }[]): Promise<number> {
    let total = 0;
    for (const { productId, quantity } of lines) {
      total += quantity * (await this.#admin.products.get({ productId })).price;
    }
    return total;
  }
}
