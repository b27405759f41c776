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
    // Name and description as `foldForSearch` gives them.
    searchText: p.text(),
    // Pieces in complete orders, less those that went back: for sorting by best selling.
    soldQuantity: quantity(),
    version: version(),
    ...timestamps,
  },
  indexes: [
    { name: 'products_status_created_at_id_index', properties: ['status', 'createdAt', 'id'] },
    { name: 'products_status_price_id_index', properties: ['status', 'price', 'id'] },
    { name: 'products_status_sold_quantity_id_index', properties: ['status', 'soldQuantity', 'id'] },
  ],
  checks: [
    { name: 'products_price_check', expression: 'price >= 0' },
    { name: 'products_quantity_check', expression: 'quantity >= 0' },
    { name: 'products_sold_quantity_check', expression: 'sold_quantity >= 0' },
  ],
});

/** Text as it is searched: upper and lower case, full and half width, composed and decomposed are one. */
export function foldForSearch(text: string): string {
  // By way of upper case, so that ß finds SS; and a sigma is a sigma wherever in the word it stands.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
}

export interface ProductChange {
  name?: string | undefined;
  description?: string | undefined;
  price?: number | undefined;
  status?: ProductStatus | undefined;
}

/** Something for sale. `quantity` is a copy of the stock, for fast reading; only the stock's methods change it. */
export class Product extends ProductSchema.class {
  /** Pieces of orders that were completed, or went back when negative. */
  countSold(pieces: number, now: Date): void {
    this.soldQuantity += pieces;
    raiseVersion(this, now);
  }

  /** Changes the named fields and leaves the others. */
  change(fields: ProductChange, now: Date): void {
    this.name = fields.name ?? this.name;
    this.description = fields.description ?? this.description;
    this.price = fields.price ?? this.price;
    this.status = fields.status ?? this.status;
    this.searchText = foldForSearch(`${this.name}\n${this.description}`);
    raiseVersion(this, now);
  }
}

ProductSchema.setClass(Product);
