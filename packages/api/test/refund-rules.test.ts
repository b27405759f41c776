import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareOut } from '../src/orders/rules.ts';
import { assertRefundable, planRefund, worthOf } from '../src/payments/refunds/rules.ts';

describe('pieces of a line are worth', () => {
  test.each([
    { line: [1_000, 3, 0], pieces: [0, 1, 2, 3], worth: [0, 1_000, 2_000, 3_000] },
    { line: [1_000, 3, 100], pieces: [0, 1, 2, 3], worth: [0, 966, 1_933, 2_900] },
    { line: [1, 3, 1], pieces: [0, 1, 2, 3], worth: [0, 0, 1, 2] },
    { line: [7, 2, 14], pieces: [0, 1, 2], worth: [0, 0, 0] },
    { line: [0, 5, 0], pieces: [0, 3, 5], worth: [0, 0, 0] },
    {
      line: [1_000_000_000, 10_000, 1],
      pieces: [1, 9_999, 10_000],
      worth: [999_999_999, 9_998_999_999_999, 9_999_999_999_999],
    },
  ])(
    '$worth for the first $pieces of $line',
    ({ line: [price = 0, quantity = 0, discountAmount = 0], pieces, worth }) => {
      expect(pieces.map((count) => worthOf({ price, quantity, discountAmount }, count))).toEqual(worth);
    },
  );
});

const line = (productId: number, price: number, quantity: number, discountAmount = 0, refundedQuantity = 0) => ({
  productId,
  price,
  quantity,
  discountAmount,
  refundedQuantity,
});

describe('a refund', () => {
  const order = { totalAmount: 3_100, discountAmount: 100, usedPoint: 1_000 };
  const lines = [line(1, 1_000, 3, 97, 1), line(2, 50, 2, 3)];

  test('of some pieces splits their worth like the order into money and points', () => {
    const plan = planRefund(order, lines, [{ productId: 1, quantity: 1 }]);
    expect(plan).toMatchObject({ amount: 645, points: 323, isWhole: false, lines: [{ quantity: 1, amount: 968 }] });
  });

  test('without lines is of all that is left', () => {
    const plan = planRefund(order, lines, undefined);
    expect(plan.lines.map(({ line: { productId }, quantity, amount }) => [productId, quantity, amount])).toEqual([
      [1, 2, 1_936],
      [2, 2, 97],
    ]);
    expect(plan).toMatchObject({ amount: 1_355, points: 678, isWhole: true });
  });

  test('of all pieces by name is whole', () => {
    const asked = [
      { productId: 2, quantity: 2 },
      { productId: 1, quantity: 2 },
    ];
    expect(planRefund(order, lines, asked).isWhole).toBe(true);
  });

  test('of an order that cost nothing gives back nothing but its pieces', () => {
    const free = { totalAmount: 0, discountAmount: 0, usedPoint: 0 };
    expect(planRefund(free, [line(1, 0, 2)], undefined)).toMatchObject({ amount: 0, points: 0, isWhole: true });
  });

  test.each([
    { productId: 1, quantity: 3, refundable: 2 },
    { productId: 2, quantity: 3, refundable: 2 },
    { productId: 3, quantity: 1, refundable: 0 },
  ])('of $quantity pieces of product $productId is too much', ({ productId, quantity, refundable }) => {
    expect(() => planRefund(order, lines, [{ productId, quantity }])).toThrow(
      expect.objectContaining({
        reason: 'REFUND_EXCEEDS_ORDER',
        details: { productId, requested: quantity, refundable },
      }),
    );
  });

  test.each(['WAITING', 'CANCELLED', 'REFUNDED'] as const)('of a %s order is refused', (status) => {
    expect(() => assertRefundable({ id: 7, status })).toThrow(
      expect.objectContaining({ reason: 'ORDER_NOT_REFUNDABLE', details: { orderId: 7, status } }),
    );
    expect(() => assertRefundable({ id: 7, status: 'COMPLETE' })).not.toThrow();
  });
});

/** An order as it can be placed, and an order in which its pieces go back, one refund after another. */
const refundedOrder = fc
  .record({
    items: fc.array(
      fc.record({ price: fc.integer({ min: 0, max: 1_000_000_000 }), quantity: fc.integer({ min: 1, max: 10_000 }) }),
      { minLength: 1, maxLength: 6 },
    ),
    discountShare: fc.double({ min: 0, max: 1, noNaN: true }),
    pointShare: fc.double({ min: 0, max: 1, noNaN: true }),
    parts: fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), {
      maxLength: 8,
    }),
  })
  .map(({ items, discountShare, pointShare, parts }) => {
    const amounts = items.map(({ price, quantity }) => price * quantity);
    const totalAmount = amounts.reduce((sum, amount) => sum + amount, 0);
    const discountAmount = Math.floor(totalAmount * discountShare);
    const usedPoint = Math.floor((totalAmount - discountAmount) * pointShare);
    const discounts = shareOut(discountAmount, amounts);
    const lines = items.map(({ price, quantity }, place) => line(place, price, quantity, discounts[place]));
    return { order: { totalAmount, discountAmount, usedPoint }, lines, parts };
  });

test('however an order is refunded, the parts give back exactly the money and the points that it took', () => {
  fc.assert(
    fc.property(refundedOrder, ({ order, lines, parts }) => {
      let money = 0;
      let points = 0;
      const worth = lines.map(() => 0);
      const refund = (asked: { productId: number; quantity: number }[] | undefined) => {
        const plan = planRefund(order, lines, asked);
        expect(plan.amount).toBeGreaterThanOrEqual(0);
        expect(plan.points).toBeGreaterThanOrEqual(0);
        expect(plan.amount + plan.points).toBe(plan.lines.reduce((sum, { amount }) => sum + amount, 0));
        money += plan.amount;
        points += plan.points;
        for (const { line, quantity, amount } of plan.lines) {
          expect(amount).toBeGreaterThanOrEqual(0);
          line.refundedQuantity += quantity;
          worth[line.productId] = (worth[line.productId] ?? 0) + amount;
        }
        return plan.isWhole;
      };
      let isWhole = false;
      for (const part of parts) {
        const asked = lines
          .map(({ productId, quantity, refundedQuantity }) => ({
            productId,
            quantity: Math.floor((quantity - refundedQuantity) * (part[productId] ?? 0)),
          }))
          .filter(({ quantity }) => quantity > 0);
        if (asked.length > 0) isWhole = refund(asked);
      }
      if (!isWhole) isWhole = refund(undefined);

      expect(isWhole).toBe(true);
      expect(points).toBe(order.usedPoint);
      expect(money).toBe(order.totalAmount - order.discountAmount - order.usedPoint);
      expect(worth).toEqual(lines.map(({ price, quantity, discountAmount }) => price * quantity - discountAmount));
    }),
    { numRuns: 1_000, seed: 1 },
  );
});
