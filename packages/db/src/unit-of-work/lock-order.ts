import type { EntityClass } from '@mikro-orm/core';
import {
  ApiKey,
  Cart,
  CartItem,
  Coupon,
  DailySale,
  EventDelivery,
  EventEndpoint,
  Order,
  OrderItem,
  Payment,
  PointCharge,
  PointWallet,
  Product,
  Refund,
  Stock,
  User,
  UserCoupon,
} from '../entities/index.ts';

/**
 * The order in which every transaction locks rows: by kind as listed here, within a kind by id.
 * Two transactions that keep to one order cannot wait for each other in a circle.
 */
const LOCK_ORDER: readonly EntityClass<object>[] = [
  ApiKey,
  User,
  PointWallet,
  PointCharge,
  Cart,
  CartItem,
  Order,
  OrderItem,
  Payment,
  Refund,
  Coupon,
  UserCoupon,
  Stock,
  Product,
  DailySale,
  EventEndpoint,
  EventDelivery,
];

export function lockRank(type: EntityClass<object>): number {
  const rank = LOCK_ORDER.indexOf(type);
  if (rank < 0) throw new Error(`${type.name} rows are only ever added, so they are not locked.`);
  return rank;
}

/** Rows that are part of another one, and are only ever changed under its lock: they need none of their own. */
const ROOTS: ReadonlyMap<EntityClass<object>, EntityClass<object>> = new Map([[CartItem, Cart]]);

/** The row that rows of this kind are part of. */
export function rootOf(type: EntityClass<object>): EntityClass<object> | undefined {
  return ROOTS.get(type);
}
