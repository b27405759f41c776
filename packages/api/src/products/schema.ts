import { PRODUCT_STATUSES, type ProductStatus, STOCK_QUANTITY_MAX } from '@baguni/db';
import { z } from 'zod';
import { expectedVersion, id, type Mutation, mutation, name, price, type Schema, text } from '../fields.ts';
import { type PageInput, pageInput } from '../pages.ts';

/** Something for sale. */
export interface ProductView {
  id: number;
  name: string;
  description: string;
  /** In the smallest unit of the shop's currency. */
  price: number;
  /** Pieces that are there to sell. */
  quantity: number;
  /** Customers see and buy only what is ON_SALE. */
  status: ProductStatus;
  /** Raised by each change, stock included. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const productView: Schema<ProductView> = z.strictObject({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  price: z.int(),
  quantity: z.int(),
  status: z.enum(PRODUCT_STATUSES),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

export interface CreateProductInput extends Mutation {
  /** 1 to 200 characters. */
  name: string;
  /** Up to 2,000 characters. */
  description?: string | undefined;
  /** 0 to 1,000,000,000, in the smallest unit of the shop's currency. */
  price: number;
  /** Pieces in stock to begin with, 0 to 1,000,000,000; 0 unless said otherwise. */
  quantity?: number | undefined;
  /** ON_SALE unless said otherwise. */
  status?: ProductStatus | undefined;
}

const status = () => z.enum(PRODUCT_STATUSES);

export const createProductInput: Schema<CreateProductInput> = z.strictObject({
  name: name(200),
  description: text(2000).optional(),
  price: price(),
  quantity: z.int().min(0).max(STOCK_QUANTITY_MAX).optional(),
  status: status().optional(),
  ...mutation,
});

export interface UpdateProductInput extends Mutation {
  productId: number;
  /** The version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
  /** 1 to 200 characters. */
  name?: string | undefined;
  /** Up to 2,000 characters. */
  description?: string | undefined;
  /** 0 to 1,000,000,000. Orders keep the price they were placed at. */
  price?: number | undefined;
  status?: ProductStatus | undefined;
}

export const updateProductInput: Schema<UpdateProductInput> = z.strictObject({
  productId: id(),
  expectedVersion: expectedVersion(),
  name: name(200).optional(),
  description: text(2000).optional(),
  price: price().optional(),
  status: status().optional(),
  ...mutation,
});

export interface AdjustStockInput extends Mutation {
  productId: number;
  /** The version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
  /** Pieces to add, or to take away when negative; not 0. */
  delta: number;
}

export const adjustStockInput: Schema<AdjustStockInput> = z.strictObject({
  productId: id(),
  expectedVersion: expectedVersion(),
  delta: z
    .int()
    .min(-STOCK_QUANTITY_MAX)
    .max(STOCK_QUANTITY_MAX)
    .refine((delta) => delta !== 0, 'Must not be 0.'),
  ...mutation,
});

export interface ProductIdInput {
  productId: number;
}

export const productIdInput: Schema<ProductIdInput> = z.strictObject({ productId: id() });

export const listProductsInput: Schema<PageInput | undefined> = z.strictObject(pageInput).optional();
