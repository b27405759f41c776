import {
  assertVersion,
  Cart,
  CartItem,
  Coupon,
  command,
  DailySale,
  dayOf,
  Order,
  OrderItem,
  Payment,
  PointWallet,
  Product,
  Stock,
  UserCoupon,
} from '@baguni/db';
import type { Owned } from '../procedures.ts';
import { loadHold, releaseHold } from './holds.ts';
import { reckon } from './reckoning.ts';
import { assertWaiting, orderEvent, orderNotFound, toOrderView } from './rules.ts';
import type { CancelOrderInput, PlaceOrderInput } from './schema.ts';

type PlaceOrder = PlaceOrderInput & Owned;

/**
 * Turns the cart, or the named lines, into an order in one commit: takes the stock, the coupon and the points,
 * copies the products' names and prices, and opens the payment of what is left.
 */
export const placeOrder = command({
  name: 'orders.place',

  load(rows, { userId, items, userCouponId, points = 0 }: PlaceOrder) {
    const cart = items ? undefined : rows.lock(Cart, { userId, status: 'ACTIVE' });
    const cartItems = cart && rows.lockAll(CartItem, { cartId: cart.each('id') });
    const productId = cartItems?.each('productId') ?? (items ?? []).map((line) => line.productId);
    // Which coupon it is never changes, so it may be read before the coupon is locked, as the lock order wants.
    const issued = userCouponId === undefined ? undefined : rows.find(UserCoupon, { id: userCouponId, userId });
    return {
      wallet: points > 0 ? rows.lock(PointWallet, { userId }) : undefined,
      cart,
      cartItems,
      coupon: issued && rows.lock(Coupon, { id: issued.each('couponId') }),
      held: issued && rows.lock(UserCoupon, { id: issued.each('id') }),
      stocks: rows.lockAll(Stock, { productId }),
      products: rows.lockAll(Product, { id: productId }),
      sales: rows.lockAll(DailySale, { day: dayOf(rows.now, rows.settings.timeZone), productId }),
    };
  },

  decide(loaded, { userId, userCouponId, points = 0, expectedTotalAmount, ...input }, changes) {
    const { wallet, cart, cartItems = [], coupon, held, sales } = loaded;
    const lines = input.items ?? cartItems;
    const reckoning = reckon({ lines, userCouponId, points, expectedTotalAmount }, loaded, changes.now);
    const [problem] = reckoning.problems;
    if (problem) throw problem;
    if (points > 0 && !wallet) throw new Error(`User ${userId} has no wallet.`);

    const { totalAmount, discountAmount, payableAmount } = reckoning;
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
    const orderItems = reckoning.lines.map((line) => {
      const { productId, quantity, discountAmount } = line;
      const { name: productName, description, price } = line.product;
      const item = { orderId: order.id, productId, productName, description, price, quantity, discountAmount };
      return changes.add(OrderItem, { ...item, refundedQuantity: 0 });
    });
    for (const { stock, quantity, product } of reckoning.lines) stock.take(quantity, order.id, product, changes);
    if (isPaid)
      DailySale.countOrder(orderItems, { products: reckoning.lines.map(({ product }) => product), sales }, changes);
    if (coupon && held) coupon.redeem(held, order.id, changes.now);
    wallet?.use(points, order.id, changes);
    cart?.markOrdered(changes.now);
    const payment = Payment.openFor(order, changes);

    changes.emit(orderEvent('order.placed', order));
    if (isPaid) changes.emit(orderEvent('order.completed', order));
    return toOrderView(order, orderItems, payment);
  },
});

/** Ends a WAITING order of the customer's and gives back all that it held. */
export const cancelOrder = command({
  name: 'orders.cancel',
  load: (rows, { orderId, userId }: CancelOrderInput & Owned) => loadHold(rows, { id: orderId, userId }),
  decide: (hold, { orderId, expectedVersion }, changes) => {
    const { order } = hold;
    if (!order) throw orderNotFound(orderId);
    assertWaiting(order);
    assertVersion(order, expectedVersion);
    return releaseHold(order, hold, 'customer', changes);
  },
});

/**
 * The same for an order whose time to be paid is over. Many processes may find it so at once, and it may have been
 * paid or cancelled since it was found: then there is nothing to do. Tells whether there was.
 */
export const expireOrder = command({
  name: 'orders.expire',
  load: (rows, { orderId }: { orderId: number }) => loadHold(rows, { id: orderId }),
  decide: (hold, _input, changes) => {
    const { order } = hold;
    if (order?.status !== 'WAITING' || !order.expiresAt || changes.now < order.expiresAt) return { isExpired: false };
    releaseHold(order, hold, 'expired', changes);
    return { isExpired: true };
  },
});
