import { Product } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { pageOf } from '../pages.ts';
import { adminProcedure, execute, publicProcedure } from '../procedures.ts';
import {
  adjustStock,
  adjustStocks,
  createProduct,
  createProducts,
  setProductStatus,
  updateProduct,
} from './commands.ts';
import { loadBestSellers, loadProducts } from './reads.ts';
import { productNotFound, toProductView } from './rules.ts';
import {
  adjustStockInput,
  adjustStocksInput,
  bestSellersInput,
  bestSellerView,
  createProductInput,
  createProductsInput,
  listProductsInput,
  productIdInput,
  productView,
  setProductStatusInput,
  updateProductInput,
} from './schema.ts';

export const products = {
  /** Adds a product with its stock. */
  create: adminProcedure.input(createProductInput).output(productView).mutation(execute(createProduct)),

  /** Adds up to 500 products with their stocks, all or none, in the order in which they are named. */
  createMany: adminProcedure.input(createProductsInput).output(z.array(productView)).mutation(execute(createProducts)),

  /** Changes the named fields of a product. Fails with `PRODUCT_NOT_FOUND` or `VERSION_CONFLICT`. */
  update: adminProcedure
    .meta({ reasons: ['PRODUCT_NOT_FOUND', 'VERSION_CONFLICT'] })
    .input(updateProductInput)
    .output(productView)
    .mutation(execute(updateProduct)),

  /**
   * Adds pieces to a product's stock or takes them away.
   * Fails with `PRODUCT_NOT_FOUND`, `VERSION_CONFLICT`, `STOCK_INSUFFICIENT` or `STOCK_LIMIT`.
   */
  adjustStock: adminProcedure
    .meta({ reasons: ['PRODUCT_NOT_FOUND', 'VERSION_CONFLICT', 'STOCK_INSUFFICIENT', 'STOCK_LIMIT'] })
    .input(adjustStockInput)
    .output(productView)
    .mutation(execute(adjustStock)),

  /**
   * Changes the stocks of up to 500 products, all or none.
   * Fails with `PRODUCT_NOT_FOUND`, `STOCK_INSUFFICIENT` or `STOCK_LIMIT`, and names the product.
   */
  adjustStocks: adminProcedure
    .meta({ reasons: ['PRODUCT_NOT_FOUND', 'STOCK_INSUFFICIENT', 'STOCK_LIMIT'] })
    .input(adjustStocksInput)
    .output(z.array(productView))
    .mutation(execute(adjustStocks)),

  /** Puts a product on sale or hides it. Fails with `PRODUCT_NOT_FOUND` or `VERSION_CONFLICT`. */
  setStatus: adminProcedure
    .meta({ reasons: ['PRODUCT_NOT_FOUND', 'VERSION_CONFLICT'] })
    .input(setProductStatusInput)
    .output(productView)
    .mutation(execute(setProductStatus)),

  /** One product. Only an admin sees a hidden one. Fails with `PRODUCT_NOT_FOUND`. */
  get: publicProcedure
    .meta({ reasons: ['PRODUCT_NOT_FOUND'] })
    .input(productIdInput)
    .output(productView)
    .query(async ({ input: { productId }, ctx }) => {
      const product = await ctx.shop.database.readOne(Product, productId);
      const isVisible = product?.status === 'ON_SALE' || ctx.actor.kind === 'admin';
      if (!product || !isVisible) throw productNotFound(productId);
      return toProductView(product);
    }),

  /** The products on sale: those that fit the filters, newest first unless said otherwise. */
  list: publicProcedure
    .input(listProductsInput)
    .output(pageOf(productView))
    .query(({ input, ctx }) => loadProducts(ctx.shop.database, input)),

  /**
   * The products that sold most in the last days, by the calendar of the shop, up to now. What went back does not
   * count, and hidden products are left out.
   */
  bestSellers: publicProcedure
    .input(bestSellersInput)
    .output(z.array(bestSellerView))
    .query(({ input, ctx }) => loadBestSellers(ctx.shop, input)),
} satisfies TRPCRouterRecord;
