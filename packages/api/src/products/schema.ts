import { PRODUCT_STATUSES, type ProductStatus, STOCK_QUANTITY_MAX } from '@baguni/db';
import { z } from 'zod';
import { expectedVersion, id, type Mutation, mutation, name, price, type Schema, text } from '../fields.ts';
import { BEST_SELLER_DAYS_MAX, BULK_MAX } from '../limits.ts';
import { PAGE_SIZE_MAX, type PageInput, pageInput } from '../pages.ts';

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

const newProduct = {
  name: name(200),
  description: text(2000).optional(),
  price: price(),
  quantity: z.int().min(0).max(STOCK_QUANTITY_MAX).optional(),
  status: status().optional(),
};

export const createProductInput: Schema<CreateProductInput> = z.strictObject({ ...newProduct, ...mutation });

export interface CreateProductsInput extends Mutation {
  /** What to add, 1 to 500 products. */
  products: Omit<CreateProductInput, keyof Mutation>[];
}

export const createProductsInput: Schema<CreateProductsInput> = z.strictObject({
  products: z.array(z.strictObject(newProduct)).min(1).max(BULK_MAX),
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

const delta = () =>
  z
    .int()
    .min(-STOCK_QUANTITY_MAX)
    .max(STOCK_QUANTITY_MAX)
    .refine((pieces) => pieces !== 0, 'Must not be 0.');

export const adjustStockInput: Schema<AdjustStockInput> = z.strictObject({
  productId: id(),
  expectedVersion: expectedVersion(),
  delta: delta(),
  ...mutation,
});

/** A change of one product's stock. */
interface StockAdjustment {
  productId: number;
  /** Pieces to add, or to take away when negative; not 0. */
  delta: number;
}

export interface AdjustStocksInput extends Mutation {
  /** 1 to 500 changes, one a product. */
  adjustments: StockAdjustment[];
}

export const adjustStocksInput: Schema<AdjustStocksInput> = z.strictObject({
  adjustments: z
    .array(z.strictObject({ productId: id(), delta: delta() }))
    .min(1)
    .max(BULK_MAX)
    .refine(
      (adjustments) => new Set(adjustments.map(({ productId }) => productId)).size === adjustments.length,
      'Must name each product once.',
    ),
  ...mutation,
});

export interface SetProductStatusInput extends Mutation {
  productId: number;
  /** The version that the change is meant for; any version if none is named. */
  expectedVersion?: number | undefined;
  /** HIDDEN takes it off sale. Orders that hold it stay as they are. */
  status: ProductStatus;
}

export const setProductStatusInput: Schema<SetProductStatusInput> = z.strictObject({
  productId: id(),
  expectedVersion: expectedVersion(),
  status: status(),
  ...mutation,
});

export interface ProductIdInput {
  productId: number;
}

export const productIdInput: Schema<ProductIdInput> = z.strictObject({ productId: id() });

export const PRODUCT_SORTS = ['newest', 'priceAsc', 'priceDesc', 'bestSelling'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];

export interface ListProductsInput extends PageInput {
  /** Text that the name or the description holds, in upper or lower case: 1 to 100 characters. */
  search?: string | undefined;
  /** What it must cost at least. */
  minPrice?: number | undefined;
  /** What it may cost at most. */
  maxPrice?: number | undefined;
  /** `true` for products that are in stock, `false` for those that are sold out. */
  inStock?: boolean | undefined;
  /** `newest` unless said otherwise. A cursor goes on in the order that it was given in. */
  sort?: ProductSort | undefined;
}

export const listProductsInput: Schema<ListProductsInput | undefined> = z
  .strictObject({
    search: name(100).optional(),
    minPrice: price().optional(),
    maxPrice: price().optional(),
    inStock: z.boolean().optional(),
    sort: z.enum(PRODUCT_SORTS).optional(),
    ...pageInput,
  })
  .optional();

export interface BestSellersInput {
  /** How many days count, today included: 1 to 90; 3 unless said otherwise. */
  days?: number | undefined;
  /** How many products, 1 to 100; 5 unless said otherwise. */
  limit?: number | undefined;
}

export const bestSellersInput: Schema<BestSellersInput | undefined> = z
  .strictObject({
    days: z.int().min(1).max(BEST_SELLER_DAYS_MAX).optional(),
    limit: z.int().min(1).max(PAGE_SIZE_MAX).optional(),
  })
  .optional();

/** How well a product sold. */
export interface BestSellerView {
  product: ProductView;
  /** Pieces sold, less those that went back. */
  quantity: number;
  /** What they were sold for once discounts are taken off. */
  amount: number;
}

export const bestSellerView: Schema<BestSellerView> = z.strictObject({
  product: productView,
  quantity: z.int(),
  amount: z.int(),
});
