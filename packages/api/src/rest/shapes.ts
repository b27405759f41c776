import { z } from 'zod';
import * as audit from '../audit/schema.ts';
import * as carts from '../carts/schema.ts';
import * as coupons from '../coupons/schema.ts';
import * as events from '../events/schema.ts';
import * as orders from '../orders/schema.ts';
import * as refunds from '../payments/refunds/schema.ts';
import * as payments from '../payments/schema.ts';
import * as points from '../points/schema.ts';
import * as products from '../products/schema.ts';
import * as users from '../users/schema.ts';

const FEATURES = [users, points, products, coupons, carts, orders, payments, refunds, events, audit];

/** Every exported shape, by the name that it has in its file. */
const SHAPES: ReadonlyMap<string, z.ZodType> = new Map(
  FEATURES.flatMap((shapes) => Object.entries<unknown>(shapes)).filter(
    (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
  ),
);

const NAMES: ReadonlyMap<z.ZodType, string> = new Map([...SHAPES].map(([name, shape]) => [shape, name]));

/** The name that a shape has in its file. */
export function nameOf(shape: z.ZodType | undefined): string | undefined {
  return shape && NAMES.get(shape);
}

/** What the procedures answer with, by the names that the reference gives it: `OrderView` is an Order there. */
export const VIEWS: ReadonlyMap<string, { readonly name: string; readonly shape: z.ZodType }> = new Map(
  [...SHAPES].filter(([name]) => name.endsWith('View')).map(([name, shape]) => [titleOf(name), { name, shape }]),
);

function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replace(/View$/, '');
}
