import { defineEntity, p } from '@mikro-orm/core';
import type { Changes } from '../unit-of-work/changes.ts';
import { amount, id, quantity, timestamps } from './columns.ts';
import { Product } from './product.ts';

const DailySaleSchema = defineEntity({
  name: 'DailySale',
  tableName: 'daily_sales',
  properties: {
    id: id(),
    // The day in the shop's time zone, as 2026-01-31.
    day: p.string().length(10),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id').index(),
    // Pieces of orders completed on that day, less those of them that went back.
    quantity: quantity(),
    amount: amount(),
    ...timestamps,
  },
  uniques: [{ name: 'daily_sales_day_product_id_unique', properties: ['day', 'productId'] }],
  checks: [{ name: 'daily_sales_quantity_check', expression: 'quantity >= 0 and amount >= 0' }],
});

/** What one product sold on one day: from these the best sellers of any window are summed. */
export class DailySale extends DailySaleSchema.class {
  /** Counts pieces of an order that is complete now, on the product and on the day. */
  static count(sold: Sold, sales: readonly DailySale[], product: Product, changes: Changes): void {
    product.countSold(sold.quantity, changes.now);
    const sale = sales.find(({ day, productId }) => day === sold.day && productId === product.id);
    if (sale) sale.add(sold.quantity, sold.amount, changes.now);
    else changes.add(DailySale, { day: sold.day, productId: product.id, quantity: sold.quantity, amount: sold.amount });
  }

  /** Counts every line of an order that is complete now. */
  static countOrder(
    lines: readonly SoldLine[],
    { products, sales }: { readonly products: readonly Product[]; readonly sales: readonly DailySale[] },
    changes: Changes,
  ): void {
    const day = dayOf(changes.now, changes.settings.timeZone);
    for (const { productId, quantity, price, discountAmount } of lines) {
      const product = products.find(({ id }) => id === productId);
      if (!product) throw new Error(`Product ${productId} was sold but is not there.`);
      DailySale.count({ day, quantity, amount: price * quantity - discountAmount }, sales, product, changes);
    }
  }

  /** Takes pieces off again that went back; they count off the day on which they were sold. */
  takeOff(quantity: number, amount: number, product: Product, now: Date): void {
    product.countSold(-quantity, now);
    this.add(-quantity, -amount, now);
  }

  private add(quantity: number, amount: number, now: Date): void {
    this.quantity += quantity;
    this.amount += amount;
    this.updatedAt = now;
  }
}

/** A line of an order, as far as it is counted. */
interface SoldLine {
  readonly productId: number;
  readonly quantity: number;
  readonly price: number;
  /** The line's share of the order's discount. */
  readonly discountAmount: number;
}

interface Sold {
  readonly day: string;
  readonly quantity: number;
  readonly amount: number;
}

/** The day of a moment in a time zone, as 2026-01-31. */
export function dayOf(moment: Date, timeZone: string): string {
  return calendarOf(timeZone).format(moment);
}

// A calendar takes far longer to make than to ask, and a shop has one.
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const known = calendars.get(timeZone);
  if (known) return known;
  // The Canadian way to write a date is the one that sorts.
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  calendars.set(timeZone, calendar);
  return calendar;
}

DailySaleSchema.setClass(DailySale);
