import { z } from 'zod';
import { expectedVersion, id, lineQuantity, type Mutation, mutation, type Schema } from '../fields.ts';
import { LINE_QUANTITY_MAX } from '../limits.ts';

/** One line of a cart. */
interface CartItemView {
  productId: number;
  productName: string;
  quantity: number;
  /** What a piece costs now; an order is placed at this price. */
  price: number;
  /** What a piece cost when it was added. */
  priceWhenAdded: number;
  /** price × quantity. */
  amount: number;
  /** Whether an order for this line would be accepted now. */
  isAvailable: boolean;
}

/** What the caller means to buy. */
export interface CartView {
  items: CartItemView[];
  /** Σ amount. */
  totalAmount: number;
  /** Raised by each change; 0 for a cart that nothing was put into yet. */
  version: number;
}

const cartItemView = z.strictObject({
  productId: z.int(),
  productName: z.string(),
  quantity: z.int(),
  price: z.int(),
  priceWhenAdded: z.int(),
  amount: z.int(),
  isAvailable: z.boolean(),
});

export const cartView: Schema<CartView> = z.strictObject({
  items: z.array(cartItemView),
  totalAmount: z.int(),
  version: z.int(),
});

export interface CartItemInput extends Mutation {
  productId: number;
  /** Pieces, 1 to 10,000. */
  quantity: number;
  /** The cart's version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
}

export const addItemInput: Schema<CartItemInput> = z.strictObject({
  productId: id(),
  quantity: lineQuantity(),
  expectedVersion: expectedVersion(),
  ...mutation,
});

export interface SetQuantityInput extends Mutation {
  productId: number;
  /** Pieces, 0 to 10,000; 0 takes the line out. */
  quantity: number;
  /** The cart's version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
}

export const setQuantityInput: Schema<SetQuantityInput> = z.strictObject({
  productId: id(),
  quantity: z.int().min(0).max(LINE_QUANTITY_MAX),
  expectedVersion: expectedVersion(),
  ...mutation,
});

export interface RemoveItemInput extends Mutation {
  productId: number;
  /** The cart's version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
}

export const removeItemInput: Schema<RemoveItemInput> = z.strictObject({
  productId: id(),
  expectedVersion: expectedVersion(),
  ...mutation,
});

export interface ClearCartInput extends Mutation {
  /** The cart's version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
}

export const clearCartInput: Schema<ClearCartInput | undefined> = z
  .strictObject({ expectedVersion: expectedVersion(), ...mutation })
  .optional();
