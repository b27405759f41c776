import { defineEntity, p } from '@mikro-orm/core';
import { id, timestamps, version } from './columns.ts';
import { User } from './user.ts';
import { raiseVersion } from './versioned.ts';

const CART_STATUSES = ['ACTIVE', 'ORDERED'] as const;

const CartSchema = defineEntity({
  name: 'Cart',
  tableName: 'carts',
  properties: {
    id: id(),
    userId: () => p.manyToOne(User).mapToPk().joinColumn('user_id'),
    status: p.enum(CART_STATUSES),
    version: version(),
    ...timestamps,
  },
  uniques: [{ name: 'carts_one_active_unique', properties: ['userId'], where: { status: 'ACTIVE' } }],
});

/** What a user means to buy. One is active at a time; once ordered it never changes. */
export class Cart extends CartSchema.class {
  /** To be called with every change of the cart's lines: they belong to the cart's version. */
  touch(now: Date): void {
    raiseVersion(this, now);
  }

  markOrdered(now: Date): void {
    this.status = 'ORDERED';
    raiseVersion(this, now);
  }
}

CartSchema.setClass(Cart);
