import { Product } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { loadPage, NEWEST_FIRST, olderThan, pageOf } from '../pages.ts';
import { adminProcedure, execute, publicProcedure } from '../procedures.ts';
import { adjustStock, createProduct, updateProduct } from './commands.ts';
import { productNotFound, toProductView } from './rules.ts';
import {
  adjustStockInput,
  createProductInput,
  listProductsInput,
  productIdInput,
  productView,
  updateProductInput,
} from './schema.ts';

export const products = {
  /** Adds a product with its stock. */
  create: adminProcedure.input(createProductInput).output(productView).mutation(execute(createProduct)),

  /** Changes the named fields of a product. Fails with `PRODUCT_NOT_FOUND` or `VERSION_CONFLICT`. */
  update: adminProcedure.input(updateProductInput).output(productView).mutation(execute(updateProduct)),

  /**
   * Adds pieces to a product's stock or takes them away.
   * Fails with `PRODUCT_NOT_FOUND`, `VERSION_CONFLICT`, `STOCK_INSUFFICIENT` or `STOCK_LIMIT`.
   */
  adjustStock: adminProcedure.input(adjustStockInput).output(productView).mutation(execute(adjustStock)),

  /** One product. Only an admin sees a hidden one. Fails with `PRODUCT_NOT_FOUND`. */
  get: publicProcedure
    .input(productIdInput)
    .output(productView)
    .query(async ({ input: { productId }, ctx }) => {
      const product = await ctx.shop.read().findOne(Product, { id: productId }, { disableIdentityMap: true });
      const isVisible = product?.status === 'ON_SALE' || ctx.actor.kind === 'admin';
      if (!product || !isVisible) throw productNotFound(productId);
      return toProductView(product);
    }),

  /** The products on sale, newest first. */
  list: publicProcedure
    .input(listProductsInput)
    .output(pageOf(productView))
    .query(({ input, ctx }) =>
      loadPage(input ?? {}, {
        fetch: (after, limit) =>
          ctx.shop
            .read()
            .find(
              Product,
              { status: 'ON_SALE', ...olderThan(after) },
              { orderBy: NEWEST_FIRST, limit, disableIdentityMap: true },
            ),
        position: ({ createdAt, id }) => ({ at: createdAt, id }),
        toItems: (products) => products.map(toProductView),
      }),
    ),
} satisfies TRPCRouterRecord;
