import { defineEntity, p } from '@mikro-orm/core';
import { id, quantity, timestamps } from './columns.ts';
import { Order } from './order.ts';
import { Product } from './product.ts';

const STOCK_REASONS = ['INITIAL', 'ADJUST', 'ORDER', 'CANCEL', 'REFUND'] as const;
export type StockReason = (typeof STOCK_REASONS)[number];

const StockEntrySchema = defineEntity({
  name: 'StockEntry',
  tableName: 'stock_entries',
  properties: {
    id: id(),
    productId: () => p.manyToOne(Product).mapToPk().joinColumn('product_id').index(),
    reason: p.enum(STOCK_REASONS),
    quantity: quantity(),
    orderId: () => p.manyToOne(Order).mapToPk().joinColumn('order_id').nullable().index().deleteRule('no action'),
    ...timestamps,
  },
  checks: [{ name: 'stock_entries_quantity_check', expression: 'quantity <> 0' }],
});

/** One movement of a product's stock, never edited. The stock is the sum of its entries. */
export class StockEntry extends StockEntrySchema.class {}

StockEntrySchema.setClass(StockEntry);
