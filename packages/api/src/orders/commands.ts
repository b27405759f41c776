import {
  Cart,
  CartItem,
  Coupon,
  command,
  DailySale,
  dayOf,
  Order,
  OrderItem,
  Payment,
  type Pending,
  PointWallet,
  Product,
  type Rows,
  Stock,
  UserCoupon,
} from '@baguni/db';
import { assertRedeemable, discountFor } from '../coupons/rules.ts';
import { DomainError } from '../errors.ts';
import type { Owned } from '../procedures.ts';
import { assertOnSale, productNotFound } from '../products/rules.ts';
import { assertPointsPayable, assertTotalExpected, shareOut, toOrderView, totalOf } from './rules.ts';
import type { PlaceOrderInput } from './schema.ts';

type PlaceOrder = PlaceOrderInput & Owned;

/**
 * Turns the cart, or the named lines, into an order in one commit: takes the stock, the coupon and the points,
 * copies the products' names and prices, and opens the payment of what is left.
 */
export const placeOrder = command({
  name: 'orders.place',

  async load(rows, { userId, items, userCouponId, points = 0 }: PlaceOrder) {
    const wallet = points > 0 ? rows.lock(PointWallet, { userId }) : undefined;
    const cart = items ? undefined : rows.lock(Cart, { userId, status: 'ACTIVE' });
    const cartId = (await cart)?.id;
    const cartItems = cartId === undefined ? undefined : rows.lockAll(CartItem, { cartId });
    const productId = (items ?? (await cartItems) ?? []).map((line) => line.productId);
    return {
      wallet,
      cart,
      cartItems,
      ...(await loadCoupon(rows, userId, userCouponId)),
      stocks: rows.lockAll(Stock, { productId }),
      products: rows.lockAll(Product, { id: productId }),
      sales: rows.lockAll(DailySale, { day: dayOf(rows.now, rows.settings.timeZone), productId }),
    };
  },

  decide(loaded, { userId, userCouponId, points = 0, expectedTotalAmount, ...input }, changes) {
    const { wallet, cart, cartItems = [], coupon, held, stocks, products, sales } = loaded;
    const lines = (input.items ?? cartItems).map(({ productId, quantity }) => {
      const product = assertOnSale(
        products.find(({ id }) => id === productId),
        productId,
      );
      const stock = stocks.find((each) => each.productId === productId);
      if (!stock) throw productNotFound(productId);
      stock.assertCovers(quantity);
      return { productId, quantity, product, stock };
    });
    if (lines.length === 0) throw new DomainError('CART_EMPTY', 'There is nothing in the cart.', {});
    const totalAmount = totalOf(lines);
    assertTotalExpected(totalAmount, expectedTotalAmount);
    if (userCouponId !== undefined && !(coupon && held)) throw userCouponNotFound(userCouponId);
    if (coupon && held) assertRedeemable(held, coupon, totalAmount, changes.now);
    const discountAmount = coupon ? discountFor(coupon, totalAmount) : 0;
    assertPointsPayable(points, totalAmount - discountAmount);
    if (points > 0 && !wallet) throw new Error(`User ${userId} has no wallet.`);
    wallet?.assertCovers(points);

    const payableAmount = totalAmount - discountAmount - points;
    const isPaid = payableAmount === 0;
    const order = changes.add(Order, {
      userId,
      cartId: cart?.id ?? null,
      userCouponId: held?.id ?? null,
      status: isPaid ? 'COMPLETE' : 'WAITING',
      totalAmount,
      discountAmount,
      usedPoint: points,
      completedAt: isPaid ? changes.now : null,
      expiresAt: isPaid ? null : new Date(changes.now.getTime() + changes.settings.holdMs),
    });
    const amounts = lines.map(({ quantity, product }) => product.price * quantity);
    const discounts = shareOut(discountAmount, amounts);
    const orderItems = lines.map(({ productId, quantity, product: { name: productName, description, price } }, place) =>
      changes.add(OrderItem, {
        orderId: order.id,
        productId,
        productName,
        description,
        price,
        quantity,
        discountAmount: discounts[place] ?? 0,
        refundedQuantity: 0,
      }),
    );
    for (const { stock, quantity, product } of lines) stock.take(quantity, order.id, product, changes);
    if (isPaid) {
      const day = dayOf(changes.now, changes.settings.timeZone);
      lines.forEach(({ quantity, product }, place) => {
        const amount = (amounts[place] ?? 0) - (discounts[place] ?? 0);
        DailySale.count({ day, quantity, amount }, sales, product, changes);
      });
    }
    if (coupon && held) coupon.redeem(held, order.id, changes.now);
    wallet?.use(points, order.id, changes);
    cart?.markOrdered(changes.now);
    const payment = Payment.openFor(order, changes);

    const event = { aggregateType: 'order', aggregateId: order.id, aggregateVersion: order.version };
    const payload = { orderId: order.id, userId, totalAmount, discountAmount, usedPoint: points, payableAmount };
    changes.emit({ ...event, type: 'order.placed', payload });
    if (isPaid) changes.emit({ ...event, type: 'order.completed', payload });
    return toOrderView(order, orderItems, payment);
  },
});

interface CouponRows {
  coupon: Pending<Coupon | undefined> | undefined;
  held: Pending<UserCoupon | undefined> | undefined;
}

async function loadCoupon(rows: Rows, userId: number, userCouponId: number | undefined): Promise<CouponRows> {
  // Which coupon it is never changes, so it may be read before the coupon is locked, as the lock order wants.
  const found = userCouponId === undefined ? undefined : await rows.find(UserCoupon, { id: userCouponId, userId });
  return {
    coupon: found && rows.lock(Coupon, { id: found.couponId }),
    held: found && rows.lock(UserCoupon, { id: found.id, userId }),
  };
}

function userCouponNotFound(userCouponId: number): DomainError {
  return new DomainError('USER_COUPON_NOT_FOUND', `You hold no coupon ${userCouponId}.`, { userCouponId });
}
