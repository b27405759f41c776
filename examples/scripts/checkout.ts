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

  // The quote says whether the coupon applies and what is left to pay; here the points pay all of it.
  const quote = await shop.orders.quote({ userCouponId: held?.id });
  const order = await shop.orders.place({
    userCouponId: quote.couponProblem ? undefined : held?.id,
    points: quote.payableAmount,
    expectedTotalAmount: quote.totalAmount,
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
