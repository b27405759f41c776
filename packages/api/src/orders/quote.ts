import { Cart, CartItem, Coupon, type EntityManager, PointWallet, Product, Stock, UserCoupon } from '@baguni/db';
import type { DomainError } from '../errors.ts';
import type { Owned } from '../procedures.ts';
import type { Shop } from '../shop.ts';
import { reckon } from './reckoning.ts';
import type { OrderLine, QuoteOrderInput, QuoteView } from './schema.ts';

/** Reckons an order as it would be placed now, all of it as of one moment. */
export async function loadQuote(shop: Shop, asked: QuoteOrderInput & Owned): Promise<QuoteView> {
  const now = await shop.now();
  const { userId, items, userCouponId, points = 0, expectedTotalAmount } = asked;
  return shop.database.readConsistently(async (em) => {
    const lines = items ?? (await linesOfCart(em, userId));
    const productId = { $in: lines.map((line) => line.productId) };
    const held = userCouponId === undefined ? null : await em.findOne(UserCoupon, { id: userCouponId, userId });
    const found = {
      products: await em.find(Product, { id: productId }),
      stocks: await em.find(Stock, { productId }),
      held: held ?? undefined,
      coupon: held ? await em.findOneOrFail(Coupon, { id: held.couponId }) : undefined,
      wallet: await em.findOneOrFail(PointWallet, { userId }),
    };
    const reckoning = reckon({ lines, userCouponId, points, expectedTotalAmount }, found, now);
    const { totalAmount, discountAmount, pointsUsable, usedPoint, payableAmount, problems, couponProblem } = reckoning;
    return {
      items: reckoning.lines.map(({ productId, quantity, product, amount, discountAmount }) => {
        const { name: productName, price } = product;
        return { productId, productName, price, quantity, amount, discountAmount };
      }),
      totalAmount,
      discountAmount,
      pointsUsable,
      usedPoint,
      payableAmount,
      couponProblem: couponProblem ? toProblemView(couponProblem) : null,
      problems: problems.filter((problem) => problem !== couponProblem).map(toProblemView),
    };
  });
}

async function linesOfCart(em: EntityManager, userId: number): Promise<OrderLine[]> {
  const cart = await em.findOne(Cart, { userId, status: 'ACTIVE' });
  return cart ? em.find(CartItem, { cartId: cart.id }, { orderBy: { id: 'asc' } }) : [];
}

function toProblemView({ reason, message, details }: DomainError) {
  return { reason, message, details };
}
