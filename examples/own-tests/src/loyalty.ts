import type { Outputs, Shop } from '@baguni/sdk';

type Order = Outputs['orders']['get'];
type Present = Outputs['coupons']['issueTo'];

/** What a member gets back of what they paid, in percent. */
const REWARD_PERCENT = 1;
const GOLD_REWARD_PERCENT = 3;
/** What one has to have paid, all in all, to be gold. */
const GOLD_FROM = 100_000;

/** Thanks customers: points for what they paid, more of them for gold members, and a coupon on their birthday. */
export class Loyalty {
  readonly #shop: Shop;

  /** Takes the client of an admin, because points and coupons are given, not taken. */
  constructor(shop: Shop) {
    this.#shop = shop;
  }

  /** Gives the points for an order, however often it is told of it; answers how many they are. */
  async reward(order: Order, paidBefore: number): Promise<number> {
    const percent = statusOf(paidBefore) === 'gold' ? GOLD_REWARD_PERCENT : REWARD_PERCENT;
    const points = Math.floor((order.payableAmount * percent) / 100);
    if (points === 0) return 0;
    const reason = `Thank you for order ${order.id}`;
    await this.#shop.points.adjust(
      { userId: order.userId, amount: points, reason },
      // The order's own key: told of it twice, the shop gives the points once.
      { idempotencyKey: `loyalty-order-${order.id}` },
    );
    return points;
  }

  /** Gives this year's birthday coupon, once; answers it. */
  async congratulate(user: { readonly id: number }, couponId: number, year: number): Promise<Present> {
    return await this.#shop.coupons.issueTo(
      { couponId, userId: user.id },
      { idempotencyKey: `loyalty-birthday-${year}-${user.id}` },
    );
  }
}

/** What somebody is who has paid this much. */
export function statusOf(paid: number): 'member' | 'gold' {
  return paid >= GOLD_FROM ? 'gold' : 'member';
}
