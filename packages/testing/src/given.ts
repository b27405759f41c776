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
  /** A coupon to claim and use. */
  readonly coupon?: { readonly id: number };
  /** What has become of it; it waits for its payment, or is complete if the points pay it, unless said otherwise. */
  readonly status?: 'WAITING' | 'COMPLETE' | 'CANCELLED' | 'REFUNDED';
}

/** What a test says about a coupon; the rest is made up. */
export interface GivenCoupon extends Partial<Inputs['coupons']['create']> {
  /** Who holds one of it already. */
  readonly claimedBy?: readonly { readonly id: number }[];
}

/** How many of each were made, which is what their names are counted by. */
export interface Made {
  products: number;
  users: number;
  coupons: number;
}

/**
 * Makes what a test begins with, through the real commands. A test says what matters to it;
 * names count up, so that they tell things apart and are the same at each run.
 */
export class Given {
  readonly #admin: Client;
  readonly #customer: (user: { readonly id: number }) => Client;
  #made: Made = { products: 0, users: 0, coupons: 0 };

  constructor(admin: Client, customer: (user: { readonly id: number }) => Client) {
    this.#admin = admin;
    this.#customer = customer;
  }

  /** How many of each were made. To set it makes the names go on from there. */
  get made(): Made {
    return { ...this.#made };
  }

  set made(made: Made) {
    this.#made = { ...made };
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
  async coupon({ claimedBy = [], ...fields }: GivenCoupon = {}): Promise<Coupon> {
    const name = `Coupon ${++this.#made.coupons}`;
    const coupon = await this.#admin.coupons.create({
      name,
      discountType: 'FIXED',
      discountValue: 1_000,
      totalQuantity: 100,
      ...fields,
    });
    const couponId = coupon.id;
    // One after another, so that their ids are the same at each run.
    for (const user of claimedBy) await this.#customer(user).coupons.claim({ couponId });
    return claimedBy.length === 0 ? coupon : this.#admin.coupons.get({ couponId });
  }

  /** An order of one piece of a new product by a new user, waiting for its payment. */
  async order({ user, items, points = 0, coupon, status }: GivenOrder = {}): Promise<Order> {
    const { id: userId } = user ?? (await this.user());
    const shop = this.#customer({ id: userId });
    const lines = items ?? [{ productId: (await this.product()).id, quantity: 1 }];
    const userCouponId = coupon && (await shop.coupons.claim({ couponId: coupon.id })).id;
    const order = { items: lines, ...(userCouponId !== undefined && { userCouponId }) };
    const spent = points === 'all' ? (await shop.orders.quote(order)).payableAmount : points;
    if (points === 'all' && spent > 0) await this.#admin.points.charge({ userId, amount: spent });
    const placed = await shop.orders.place({ ...order, points: spent });
    return status === undefined ? placed : this.#bring(placed, status, shop);
  }

  async #bring(order: Order, status: NonNullable<GivenOrder['status']>, shop: Client): Promise<Order> {
    const orderId = order.id;
    const isPaid = order.status === 'COMPLETE';
    if (status === 'CANCELLED') return shop.orders.cancel({ orderId });
    if (status !== 'WAITING' && !isPaid) await shop.payments.pay({ orderId, method: 'test', token: 'approve' });
    if (status === 'REFUNDED') await this.#admin.payments.refund({ orderId });
    const brought = await shop.orders.get({ orderId });
    if (brought.status === status) return brought;
    throw new Error(`Order ${orderId} is ${brought.status}, and cannot be made ${status}.`);
  }
}
