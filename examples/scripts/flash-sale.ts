import { isBaguniError } from '@baguni/sdk';
import { SingleBar } from 'cli-progress';
import { connect } from '../connect.ts';
import { line } from '../print.ts';

const CUSTOMERS = 120;
const UNITS = 15;
const COUPONS = 10;

/** Many customers race for few units and few coupons. Afterwards the books are checked. */
export async function run(options: readonly string[]): Promise<void> {
  const { where, admin, customer, close } = await connect(options);
  console.log(`${CUSTOMERS} customers, ${UNITS} units, ${COUPONS} coupons, at ${where}\n`);

  const product = await admin.products.create({ name: 'Hanwoo gift set', price: 99_000, quantity: UNITS });
  const coupon = await admin.coupons.create({
    name: 'Flash sale: 9,000 off',
    discountType: 'FIXED',
    discountValue: 9_000,
    totalQuantity: COUPONS,
  });
  const bar = new SingleBar({ format: '  {task} {bar} {value}/{total}' });
  const users = await withBar(bar, 'Getting ready', async (tick) =>
    Promise.all(
      Array.from({ length: CUSTOMERS }, async (_, place) => {
        const user = await admin.users.create({ name: `Customer ${place + 1}` });
        await admin.points.charge({ userId: user.id, amount: 99_000 });
        tick();
        return user;
      }),
    ),
  );

  const refusals = new Map<string, number>();
  const buyers = await withBar(bar, 'Racing       ', async (tick) =>
    Promise.all(
      users.map(async (user) => {
        const shop = customer(user);
        const held = await orRefused(refusals, () => shop.coupons.claim({ couponId: coupon.id }));
        const order = await orRefused(refusals, () =>
          shop.orders.place({
            items: [{ productId: product.id, quantity: 1 }],
            points: held ? 90_000 : 99_000,
            ...(held && { userCouponId: held.id }),
          }),
        );
        tick();
        return order && { name: user.name, order };
      }),
    ),
  );

  const winners = buyers.filter((buyer) => buyer !== undefined);
  console.log(`\n${winners.length} of ${CUSTOMERS} customers got one:`);
  for (const { name, order } of winners) {
    console.log(line(`${name}${order.discountAmount > 0 ? ', with a coupon' : ''}`, order.usedPoint));
  }
  for (const [reason, count] of refusals) console.log(line(reason, count));

  const left = await admin.products.get({ productId: product.id });
  const { issuedQuantity } = await admin.coupons.get({ couponId: coupon.id });
  const audit = await admin.audit.verify();
  console.log(`\n${left.quantity} units left, ${issuedQuantity} coupons issued.`);
  console.log(audit.clean ? `The books are right: ${audit.checks} checks, no difference.` : 'The books are wrong:');
  for (const { table, id, problem } of audit.differences) console.log(line(`${table} ${id}`, problem));
  await close();
  if (!audit.clean || winners.length !== UNITS) process.exitCode = 1;
}

async function withBar<Result>(
  bar: SingleBar,
  task: string,
  work: (tick: () => void) => Promise<Result>,
): Promise<Result> {
  bar.start(CUSTOMERS, 0, { task });
  try {
    return await work(() => bar.increment());
  } finally {
    bar.stop();
  }
}

/** The answer, or nothing when the shop refused; the reason is counted. */
async function orRefused<Answer>(
  refusals: Map<string, number>,
  call: () => PromiseLike<Answer>,
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!isBaguniError(error)) throw error;
    refusals.set(error.reason, (refusals.get(error.reason) ?? 0) + 1);
    return undefined;
  }
}
