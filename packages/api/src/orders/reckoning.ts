import type { Coupon, PointWallet, Product, Stock, UserCoupon } from '@baguni/db';
import { assertRedeemable, discountFor } from '../coupons/rules.ts';
import { DomainError } from '../errors.ts';
import { assertOnSale, productNotFound } from '../products/rules.ts';
import { assertPointsPayable, assertTotalExpected, shareOut, totalOf, userCouponNotFound } from './rules.ts';
import type { OrderLine } from './schema.ts';

/** What a customer asks for. */
interface Asked {
  readonly lines: readonly OrderLine[];
  readonly userCouponId: number | undefined;
  readonly points: number;
  readonly expectedTotalAmount: number | undefined;
}

/** The rows that it is about. */
interface Found {
  readonly products: readonly Product[];
  readonly stocks: readonly Stock[];
  readonly coupon: Coupon | undefined;
  readonly held: UserCoupon | undefined;
  readonly wallet: PointWallet | undefined;
}

interface ReckonedLine extends OrderLine {
  readonly product: Product;
  readonly stock: Stock;
  /** price × quantity. */
  readonly amount: number;
  /** The line's share of the discount. */
  readonly discountAmount: number;
}

export interface Reckoning {
  readonly lines: readonly ReckonedLine[];
  readonly totalAmount: number;
  readonly discountAmount: number;
  /** The most points that could be spent. */
  readonly pointsUsable: number;
  readonly usedPoint: number;
  readonly payableAmount: number;
  /** Everything that stands in the way of the order, the coupon's included, in the order in which it is checked. */
  readonly problems: readonly DomainError[];
  readonly couponProblem: DomainError | undefined;
}

/**
 * Reckons what an order would cost, and says what stands in its way. With a problem the figures are those of what is
 * left: without the lines that are not for sale, without the coupon that does not apply, with the points that can be used.
 */
export function reckon(
  { lines: wanted, userCouponId, points, expectedTotalAmount }: Asked,
  found: Found,
  now: Date,
): Reckoning {
  const { coupon, held, wallet } = found;
  const problems: DomainError[] = [];
  const check = (assertion: () => void): DomainError | undefined => {
    const problem = problemOf(assertion);
    if (problem) problems.push(problem);
    return problem;
  };

  const sold = wanted.flatMap(({ productId, quantity }) => {
    const product = found.products.find(({ id }) => id === productId);
    const stock = found.stocks.find((each) => each.productId === productId);
    if (check(() => assertOnSale(product, productId))) return [];
    if (!product || !stock) throw productNotFound(productId);
    check(() => stock.assertCovers(quantity));
    return [{ productId, quantity, product, stock }];
  });
  if (wanted.length === 0) problems.push(new DomainError('CART_EMPTY', 'There is nothing in the cart.', {}));
  const totalAmount = totalOf(sold);
  check(() => assertTotalExpected(totalAmount, expectedTotalAmount));

  const couponProblem = check(() => {
    if (userCouponId === undefined) return;
    if (!coupon || !held) throw userCouponNotFound(userCouponId);
    assertRedeemable(held, coupon, totalAmount, now);
  });
  const discountAmount = coupon && !couponProblem ? discountFor(coupon, totalAmount) : 0;
  const amounts = sold.map(({ quantity, product }) => product.price * quantity);
  const discounts = shareOut(discountAmount, amounts);

  const left = totalAmount - discountAmount;
  const pointsUsable = Math.min(wallet?.balance ?? 0, left);
  if (points > 0) {
    check(() => assertPointsPayable(points, left));
    check(() => wallet?.assertCovers(points));
  }
  const usedPoint = Math.min(points, pointsUsable);
  return {
    lines: sold.map((line, place) => ({ ...line, amount: amounts[place] ?? 0, discountAmount: discounts[place] ?? 0 })),
    totalAmount,
    discountAmount,
    pointsUsable,
    usedPoint,
    payableAmount: left - usedPoint,
    problems,
    couponProblem,
  };
}

function problemOf(assertion: () => void): DomainError | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
