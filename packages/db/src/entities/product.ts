import { defineEntity, p } from '@mikro-orm/core';
import { amount, id, quantity, timestamps, version } from './columns.ts';
import { raiseVersion } from './versioned.ts';

export const PRODUCT_STATUSES = ['ON_SALE', 'HIDDEN'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

const ProductSchema = defineEntity({
  name: 'Product',
  tableName: 'products',
  properties: {
    id: id(),
    name: p.string().length(200),
    description: p.string().length(2000),
    price: amount(),
    quantity: quantity(),
    status: p.enum(PRODUCT_STATUSES),
    version: version(),
    ...timestamps,
  },
  indexes: [{ name: 'products_status_created_at_id_index', properties: ['status', 'createdAt', 'id'] }],
  checks: [
    { name: 'products_price_check', expression: 'price >= 0' },
    { name: 'products_quantity_check', expression: 'quantity >= 0' },
  ],
});

export interface ProductChange {
  name?: string | undefined;
  description?: string | undefined;
  price?: number | undefined;
  status?: ProductStatus | undefined;
}

/** Something for sale. `quantity` is a copy of the stock, for fast reading; only the stock's methods change it. */
export class Product extends ProductSchema.class {
  /** Changes the named fields and leaves the others. */
  change(fields: ProductChange, now: Date): void {
    this.name = fields.name ?? this.name;
    this.description = fields.description ?? this.description;
    this.price = fields.price ?? this.price;
    this.status = fields.status ?? this.status;
    raiseVersion(this, now);
  }
}

ProductSchema.setClass(Product);
