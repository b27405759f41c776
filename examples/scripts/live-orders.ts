import { connect } from '../connect.ts';

const ORDERS = 3;

/** A customer's screen: it shows what happens to their orders while they happen. */
export async function run(options: readonly string[]): Promise<void> {
  const { where, admin, customer, close } = await connect(options);
  const user = await admin.users.create({ name: 'Han Seojun' });
  await admin.points.charge({ userId: user.id, amount: 1_000_000 });
  const product = await admin.products.create({ name: 'Pine candle', price: 9_000, quantity: 100 });
  const shop = customer(user);
  console.log(`Orders of ${user.name} at ${where}:\n`);

  const place = async () => {
    for (let placed = 0; placed < ORDERS; placed++) {
      await shop.orders.place({
        items: [{ productId: product.id, quantity: placed + 1 }],
        points: 9_000 * (placed + 1),
      });
    }
  };
  const placing = place();
  let completed = 0;
  for await (const { occurredAt, type, aggregateId } of shop.orders.stream({ after: 0 })) {
    console.log(`  ${occurredAt.toISOString()}  order ${aggregateId}  ${type}`);
    if (type === 'order.completed' && ++completed === ORDERS) break;
  }
  await placing;
  await close();
}
