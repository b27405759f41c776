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
