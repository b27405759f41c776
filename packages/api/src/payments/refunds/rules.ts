import type { Order, OrderItem } from '@baguni/db';
import { DomainError } from '../../errors.ts';
import type { RefundLine } from './schema.ts';

type Line = Pick<OrderItem, 'price' | 'quantity' | 'discountAmount'>;
type OpenLine = Line & Pick<OrderItem, 'productId' | 'refundedQuantity'>;
type Priced = Pick<Order, 'totalAmount' | 'discountAmount' | 'usedPoint'>;

/** What goes back of one line. */
interface PlannedLine<L> {
  readonly line: L;
  readonly quantity: number;
  /** What the pieces cost less their share of the discount: money and points together. */
  readonly amount: number;
}

interface RefundPlan<L> {
  readonly lines: readonly PlannedLine<L>[];
  /** Money that goes back. */
  readonly amount: number;
  readonly points: number;
  /** Whether nothing is left of the order. */
  readonly isWhole: boolean;
}

/**
 * What goes back when these pieces do, or all that are left if none are named. Every figure is the difference of two
 * running totals, each rounded down, so the parts of an order add up to it exactly however it is divided.
 */
export function planRefund<L extends OpenLine>(
  order: Priced,
  lines: readonly L[],
  asked: readonly RefundLine[] | undefined,
): RefundPlan<L> {
  const planned = (asked ?? allThatIsLeft(lines)).map(({ productId, quantity }) => {
    const line = lines.find((each) => each.productId === productId);
    const refundable = line ? line.quantity - line.refundedQuantity : 0;
    if (!line || quantity > refundable) throw exceedsOrder(productId, quantity, refundable);
    const { refundedQuantity } = line;
    return { line, quantity, amount: worthOf(line, refundedQuantity + quantity) - worthOf(line, refundedQuantity) };
  });
  const before = sumOf(lines.map((line) => worthOf(line, line.refundedQuantity)));
  const value = sumOf(planned.map(({ amount }) => amount));
  const points = pointsIn(order, before + value) - pointsIn(order, before);
  const piecesLeft = sumOf(lines.map(({ quantity, refundedQuantity }) => quantity - refundedQuantity));
  return {
    lines: planned,
    amount: value - points,
    points,
    isWhole: piecesLeft === sumOf(planned.map(({ quantity }) => quantity)),
  };
}

/** What the first pieces of a line cost less their share of its discount, rounded down. */
export function worthOf({ price, quantity, discountAmount }: Line, pieces: number): number {
  return share(price * quantity - discountAmount, pieces, quantity);
}

/** How much of this value of an order was paid with points, rounded down. */
function pointsIn({ totalAmount, discountAmount, usedPoint }: Priced, value: number): number {
  return share(usedPoint, value, totalAmount - discountAmount);
}

// The product leaves the safe integers long before the share does.
function share(whole: number, part: number, of: number): number {
  return of === 0 ? 0 : Number((BigInt(whole) * BigInt(part)) / BigInt(of));
}

function allThatIsLeft(lines: readonly OpenLine[]): RefundLine[] {
  return lines
    .map(({ productId, quantity, refundedQuantity }) => ({ productId, quantity: quantity - refundedQuantity }))
    .filter(({ quantity }) => quantity > 0);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Refuses with `ORDER_NOT_REFUNDABLE` an order of which nothing was paid, or nothing is left. */
export function assertRefundable({ id: orderId, status }: Pick<Order, 'id' | 'status'>): void {
  if (status === 'COMPLETE') return;
  throw new DomainError('ORDER_NOT_REFUNDABLE', `Order ${orderId} is ${status}; only a COMPLETE one can be refunded.`, {
    orderId,
    status,
  });
}

function exceedsOrder(productId: number, requested: number, refundable: number): DomainError {
  return new DomainError(
    'REFUND_EXCEEDS_ORDER',
    `Of product ${productId} ${refundable} can go back, ${requested} asked for.`,
    { productId, requested, refundable },
  );
}
