import { EVENT_VERSIONS, type EventPayloads, type EventType } from '@baguni/db';
import { z } from 'zod';
import type { Schema } from '../fields.ts';

const count = () => z.int().min(0);
const key = () => z.int().positive();

const orderAmounts = {
  orderId: key(),
  userId: key(),
  totalAmount: count(),
  discountAmount: count(),
  usedPoint: count(),
  payableAmount: count().describe('What is left to pay once discount and points are taken off.'),
};

const refundedAmounts = {
  orderId: key(),
  userId: key(),
  refundId: key(),
  amount: count().describe('Money that goes back to the customer.'),
  points: count().describe('Points that go back to the wallet.'),
  items: z.array(
    z.strictObject({
      productId: key(),
      quantity: key(),
      amount: count().describe('What these pieces give back, in money and points together.'),
    }),
  ),
  reason: z.string().nullable().describe('Why, as the admin put it.'),
};

/** What the payload of each type of event looks like. `docs/events` shows the same as JSON Schemas. */
export const PAYLOADS = {
  'order.placed': z.strictObject(orderAmounts),
  'order.completed': z.strictObject(orderAmounts),
  'order.cancelled': z.strictObject({
    ...orderAmounts,
    reason: z
      .enum(['customer', 'expired'])
      .describe('The customer cancelled it, or it was not paid before it expired.'),
  }),
  'order.refunded': z.strictObject(refundedAmounts),
  'order.part_refunded': z.strictObject(refundedAmounts),
  'payment.failed': z.strictObject({
    paymentId: key(),
    orderId: key(),
    userId: key(),
    amount: count(),
    method: z.string().nullable(),
    reason: z.string().nullable().describe('What the provider said.'),
  }),
  'coupon.issued': z.strictObject({ couponId: key(), userCouponId: key(), userId: key() }),
  'coupon.exhausted': z.strictObject({ couponId: key(), totalQuantity: count() }),
  'stock.low': z.strictObject({ productId: key(), quantity: count(), lowAt: count() }),
  'stock.out': z.strictObject({ productId: key(), quantity: count() }),
  'points.charged': z.strictObject({ userId: key(), pointEntryId: key(), amount: key(), balanceAfter: count() }),
} satisfies { [Type in EventType]: Schema<EventPayloads[Type]> };

export const EVENT_TYPES = Object.keys(PAYLOADS) as EventType[];

/** What an endpoint receives for each type of event, as a JSON Schema. */
export function jsonSchemaOf(type: EventType): object {
  const message = z.strictObject({
    id: z.string().regex(/^evt_\d+$/),
    type: z.literal(type),
    schemaVersion: z.literal(EVENT_VERSIONS[type]),
    occurredAt: z.iso.datetime(),
    data: PAYLOADS[type],
  });
  return z.toJSONSchema(message, { io: 'input' });
}
