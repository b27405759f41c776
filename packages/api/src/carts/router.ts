import { branch, Cart, CartItem, Product } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { customerProcedure, executeForCaller } from '../procedures.ts';
import { addItem, clearCart, removeItem, setQuantity } from './commands.ts';
import { toCartView } from './rules.ts';
import { addItemInput, cartView, clearCartInput, removeItemInput, setQuantityInput } from './schema.ts';

export const cart = {
  /** The caller's cart at today's prices. */
  get: customerProcedure.output(cartView).query(async ({ ctx }) => {
    const { root, items, products } = await ctx.shop.database.readTree(
      Cart,
      { userId: ctx.userId, status: 'ACTIVE' },
      {},
      { items: branch(CartItem, 'cartId'), products: branch(Product, 'id', { of: 'items', by: 'productId' }) },
    );
    return toCartView(root[0], items, products);
  }),

  /**
   * Puts pieces of a product into the cart, on top of those that are there.
   * Fails with `PRODUCT_NOT_FOUND`, `PRODUCT_NOT_ON_SALE`, `CART_LINES_LIMIT`, `CART_QUANTITY_LIMIT` or
   * `VERSION_CONFLICT`.
   */
  addItem: customerProcedure
    .meta({
      reasons: [
        'PRODUCT_NOT_FOUND',
        'PRODUCT_NOT_ON_SALE',
        'CART_LINES_LIMIT',
        'CART_QUANTITY_LIMIT',
        'VERSION_CONFLICT',
      ],
    })
    .input(addItemInput)
    .output(cartView)
    .mutation(executeForCaller(addItem)),

  /** Sets how many pieces a line holds; 0 takes it out. Fails with `CART_ITEM_NOT_FOUND` or `VERSION_CONFLICT`. */
  setQuantity: customerProcedure
    .meta({ reasons: ['CART_ITEM_NOT_FOUND', 'VERSION_CONFLICT'] })
    .input(setQuantityInput)
    .output(cartView)
    .mutation(executeForCaller(setQuantity)),

  /** Takes a line out. Fails with `CART_ITEM_NOT_FOUND` or `VERSION_CONFLICT`. */
  removeItem: customerProcedure
    .meta({ reasons: ['CART_ITEM_NOT_FOUND', 'VERSION_CONFLICT'] })
    .input(removeItemInput)
    .output(cartView)
    .mutation(executeForCaller(removeItem)),

  /** Takes every line out. Fails with `VERSION_CONFLICT`. */
  clear: customerProcedure
    .meta({ reasons: ['VERSION_CONFLICT'] })
    .input(clearCartInput)
    .output(cartView)
    .mutation(({ input = {}, ctx }) => executeForCaller(clearCart)({ input, ctx })),
} satisfies TRPCRouterRecord;
