import { Product, User } from '@baguni/db';
import { createCoupon } from '../coupons/commands.ts';
import { chargePoints } from '../points/commands.ts';
import { createProduct } from '../products/commands.ts';
import type { Shop } from '../shop.ts';
import { createUser } from '../users/commands.ts';
import { DEMO_COUPONS, DEMO_CUSTOMERS, DEMO_PRODUCTS } from './catalog.ts';

/** Who a newcomer acts as first. */
export interface DemoCustomer {
  readonly id: number;
  readonly name: string;
}

/**
 * Fills an empty shop, and gives the customer to begin with. A shop that has products is left as it is.
 * Each part has its own idempotency key: servers that start at once fill one shop together, not twice.
 */
export async function seedDemo({ unitOfWork, database }: Shop): Promise<DemoCustomer | undefined> {
  const actor = { kind: 'system' } as const;
  const isEmpty = (await database.fork().count(Product)) === 0;
  if (isEmpty) {
    await Promise.all([
      ...DEMO_PRODUCTS.map((input, place) =>
        unitOfWork.execute(createProduct, { input, actor, idempotencyKey: `demo:product:${place}` }),
      ),
      ...DEMO_COUPONS.map((input, place) =>
        unitOfWork.execute(createCoupon, { input, actor, idempotencyKey: `demo:coupon:${place}` }),
      ),
    ]);
    for (const [place, { name, points }] of DEMO_CUSTOMERS.entries()) {
      const user = await unitOfWork.execute(createUser, {
        input: { name },
        actor,
        idempotencyKey: `demo:customer:${place}`,
      });
      await unitOfWork.execute(chargePoints, {
        input: { userId: user.id, amount: points },
        actor,
        idempotencyKey: `demo:points:${place}`,
      });
    }
  }
  const first = await database.fork().findOne(User, { name: DEMO_CUSTOMERS[0].name }, { orderBy: { id: 'asc' } });
  return first ? { id: first.id, name: first.name } : undefined;
}
