import { defineEntity, p } from '@mikro-orm/core';
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
export class DailySale extends DailySaleSchema.class {}

DailySaleSchema.setClass(DailySale);
