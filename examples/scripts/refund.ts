import { connect } from '../connect.ts';
import { line, RULE } from '../print.ts';

/** An order goes back in two parts: one line first, then the rest. Points and coupon add up to what they were. */
export async function run(options: readonly string[]): Promise<void> {
  const { where, admin, customer, close } = await connect(options);
  console.log(`Refunding at ${where}\n`);

  const tea = await admin.products.create({ name: 'Barley tea, 30 bags', price: 3_400, quantity: 10 });
  const honey = await admin.products.create({ name: 'Acacia honey, 1 kg', price: 19_900, quantity: 10 });
  const coupon = await admin.coupons.create({
    name: 'One tenth off',
    discountType: 'PERCENT',
    discountValue: 10,
    totalQuantity: 1,
  });
  const user = await admin.users.create({ name: 'Park Jiwoo' });
  await admin.points.charge({ userId: user.id, amount: 50_000 });
  const shop = customer(user);
  const { id: userCouponId } = await shop.coupons.claim({ couponId: coupon.id });

  const items = [
    { productId: tea.id, quantity: 3 },
    { productId: honey.id, quantity: 1 },
  ];
  const quote = await shop.orders.quote({ items, userCouponId });
  const order = await shop.orders.place({
    items,
    userCouponId,
    points: quote.pointsUsable,
    expectedTotalAmount: quote.totalAmount,
  });
  console.log(`Order ${order.id} (${order.status})`);
  console.log(RULE);
  for (const { productName, quantity, amount } of order.items)
    console.log(line(`${quantity} × ${productName}`, amount));
  console.log(line('Coupon', -order.discountAmount));
  console.log(line('Points', -order.usedPoint));
  await showWhatIsHeld();

  const parts = [
    await admin.payments.refund({ orderId: order.id, items: [{ productId: tea.id, quantity: 2 }] }),
    await admin.payments.refund({ orderId: order.id, reason: 'The rest, too' }),
  ];
  for (const refund of parts) {
    console.log(`\nRefund ${refund.id} (the order is ${refund.orderStatus})`);
    console.log(RULE);
    for (const { productId, quantity, amount } of refund.items) {
      const item = order.items.find((each) => each.productId === productId);
      console.log(line(`${quantity} × ${item?.productName}`, amount));
    }
    console.log(line('Money back', refund.amount));
    console.log(line('Points back', refund.points));
  }
  const pointsBack = parts.reduce((sum, { points }) => sum + points, 0);
  await showWhatIsHeld();
  console.log(`\n${pointsBack === order.usedPoint ? 'All' : 'NOT all'} points came back.`);
  await close();
  if (pointsBack !== order.usedPoint) process.exitCode = 1;

  async function showWhatIsHeld(): Promise<void> {
    const { balance } = await shop.points.balance();
    const [held] = (await shop.coupons.mine()).items;
    const { quantity } = await shop.products.get({ productId: tea.id });
    console.log('\nNow there are');
    console.log(line('points in the wallet', balance));
    console.log(line('boxes of tea in the stock', quantity));
    console.log(line('coupon', held?.used ? 'used' : 'to use'));
  }
}
