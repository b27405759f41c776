import { Cart, CartItem, Product } from '@baguni/db';
import type { TRPCRouterRecord } from '@trpc/server';
import { customerProcedure, executeForCaller } from '../procedures.ts';
import { addItem, clearCart, removeItem, setQuantity } from './commands.ts';
import { toCartView } from './rules.ts';
import { addItemInput, cartView, clearCartInput, removeItemInput, setQuantityInput } from './schema.ts';

export const cart = {
  /** The caller's cart at today's prices. */
  get: customerProcedure.output(cartView).query(async ({ ctx }) => {
    const { database } = ctx.shop;
    const [active] = await database.read(Cart, { userId: ctx.userId, status: 'ACTIVE' });
    if (!active) return toCartView(undefined, [], []);
    const items = await database.read(CartItem, { cartId: active.id }, { orderBy: { id: 'asc' } });
    const products = await database.read(Product, { id: { $in: items.map(({ productId }) => productId) } });
    return toCartView(active, items, products);
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
