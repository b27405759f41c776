import type { EntityClass } from '@mikro-orm/core';
import { Cart, CartItem, OrderItem, UserCoupon } from '../entities/index.ts';
import { type FieldOfRows, isFieldOfRows, type Key } from './row-key.ts';

/**
 * Rows that are part of another one, their root, and the field that names it. Whoever changes them has locked their root,
 * so they take no locks of their own.
 */
const PARTS: ReadonlyMap<EntityClass<object>, { root: EntityClass<object>; namedBy: string }> = new Map([
  [CartItem, { root: Cart, namedBy: 'cartId' satisfies keyof CartItem }],
]);

/** Fields that never change, of rows that are never removed. */
const LASTING: ReadonlyMap<EntityClass<object>, readonly string[]> = new Map<EntityClass<object>, readonly string[]>([
  [OrderItem, ['id', 'orderId', 'productId'] satisfies (keyof OrderItem)[]],
  [UserCoupon, ['id', 'userId', 'couponId'] satisfies (keyof UserCoupon)[]],
]);

/** Whether rows of this kind are locked with their root instead of one by one. */
export function isPart(type: EntityClass<object>): boolean {
  return PARTS.has(type);
}

/** Fails for a load that would change parts without the lock of their root. */
export function assertRootIsLocked(type: EntityClass<object>, key: Key): void {
  const part = PARTS.get(type);
  if (!part) return;
  const isOfLockedRoot = (named: Parameters<typeof isFieldOfRows>[0]) =>
    isFieldOfRows(named) && named.field === 'id' && named.source.isLock && named.source.type === part.root;
  if (key.get(part.namedBy)?.every(isOfLockedRoot)) return;
  throw new Error(
    `${type.name} rows are changed under the lock of their ${part.root.name}, by whose id they are named.`,
  );
}

/**
 * Whether another statement of the same transaction that looks the field up finds there what the rows say that are on
 * their way: they are locked, or neither the field nor what they are looked up by ever changes.
 */
export function isSettled({ field, source: { type, key, isLock } }: FieldOfRows): boolean {
  return isLock || [field, ...key.keys()].every((each) => LASTING.get(type)?.includes(each));
}
