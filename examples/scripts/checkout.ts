import { connect } from '../connect.ts';
import { line, RULE } from '../print.ts';

/** A customer's way through the shop, from browsing to the receipt. */
export async function run(options: readonly string[]): Promise<void> {
  const { where, admin, customer, close } = await connect(options);
  console.log(`Shopping at ${where}\n`);

  const user = await admin.users.create({ name: 'Choi Haeun' });
  await admin.points.charge({ userId: user.id, amount: 200_000 });
  const shop = customer(user);

  console.log('On the shelf:');
  const shelf = [];
  for await (const product of shop.products.list({ limit: 10 })) {
    if (product.quantity < 2) continue;
    shelf.push(product);
    console.log(line(product.name, product.price));
    if (shelf.length === 5) break;
  }

  const { items: coupons } = await shop.coupons.list();
  const coupon = coupons.find(({ issuedQuantity, totalQuantity }) => issuedQuantity < totalQuantity);
  const held = coupon && (await shop.coupons.claim({ couponId: coupon.id }));
  if (coupon) console.log(`\nClaimed the coupon "${coupon.name}".`);

  for (const { id } of shelf.slice(0, 2)) await shop.cart.addItem({ productId: id, quantity: 2 });
  const cart = await shop.cart.get();

  // A first order shows what the coupon leaves to pay; here the points pay all of it.
  const isRedeemable = coupon !== undefined && cart.totalAmount >= (coupon.minOrderAmount ?? 0);
  const discount = coupon && isRedeemable ? discountOf(coupon, cart.totalAmount) : 0;
  const order = await shop.orders.place({
    ...(held && isRedeemable && { userCouponId: held.id }),
    points: cart.totalAmount - discount,
    expectedTotalAmount: cart.totalAmount,
  });

  console.log(`\nReceipt for order ${order.id} (${order.status})`);
  console.log(RULE);
  for (const { productName, quantity, amount } of order.items)
    console.log(line(`${quantity} × ${productName}`, amount));
  console.log(RULE);
  console.log(line('Total', order.totalAmount));
  console.log(line('Coupon', -order.discountAmount));
  console.log(line('Points', -order.usedPoint));
  console.log(line('To pay', order.payableAmount));

  console.log('\nPoints');
  for await (const { type, amount, balanceAfter, createdAt } of shop.points.history()) {
    console.log(line(`${createdAt.toISOString()}  ${type}  ${amount.toLocaleString('en-US')}`, balanceAfter));
  }
  await close();
}

function discountOf(
  {
    discountType,
    discountValue,
    maxDiscountAmount,
  }: {
    discountType: 'FIXED' | 'PERCENT';
    discountValue: number;
    maxDiscountAmount: number | null;
  },
  total: number,
): number {
  if (discountType === 'FIXED') return Math.min(discountValue, total);
  return Math.min(Math.floor((total * discountValue) / 100), maxDiscountAmount ?? total);
}
