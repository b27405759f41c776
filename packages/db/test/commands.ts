import {
  assertVersion,
  Cart,
  CartItem,
  type Changes,
  Coupon,
  command,
  DomainError,
  PointWallet,
  Product,
  type Rows,
  Stock,
  StockEntry,
  User,
  UserCoupon,
  type Where,
} from '../src/index.ts';

// Small commands over the real entities: enough to show what the unit of work promises to every command.

export const addUser = command({
  name: 'test.addUser',
  load: () => ({}),
  decide: (_rows, input: { name?: string; externalId?: string }, changes) => {
    const user = changes.add(User, { name: input.name ?? 'Kim', externalId: input.externalId ?? null });
    changes.add(PointWallet, { userId: user.id, balance: 0 });
    return { userId: user.id };
  },
});

export const renameUser = command({
  name: 'test.renameUser',
  load: (rows, input: { userId: number; name: string }) => ({ user: rows.lock(User, { id: input.userId }) }),
  decide: ({ user }, input, { now }) => {
    const found = present(user);
    found.name = input.name;
    found.updatedAt = now;
    return { name: found.name };
  },
});

export const addProduct = command({
  name: 'test.addProduct',
  load: () => ({}),
  decide: (_rows, input: { name?: string; price?: number; quantity: number }, changes) => {
    const { quantity } = input;
    const product = changes.add(Product, {
      name: input.name ?? 'Tea',
      description: '',
      price: input.price ?? 1_000,
      quantity,
      status: 'ON_SALE',
      searchText: '',
      soldQuantity: 0,
    });
    changes.add(Stock, { productId: product.id, quantity });
    if (quantity !== 0) {
      changes.add(StockEntry, { productId: product.id, reason: 'INITIAL', quantity, orderId: null });
    }
    return { productId: product.id };
  },
});

export const adjustStock = command({
  name: 'test.adjustStock',
  load: (rows, { productId }: { productId: number; delta: number; expectedVersion?: number }) => ({
    stock: rows.lock(Stock, { productId }),
    product: rows.lock(Product, { id: productId }),
  }),
  decide: ({ stock, product }, { productId, delta, expectedVersion }, changes) => {
    if (!stock || !product) throw new DomainError('PRODUCT_NOT_FOUND', 'No such product.', { productId });
    assertVersion(stock, expectedVersion);
    stock.adjust(delta, product, changes);
    return { quantity: stock.quantity, version: stock.version };
  },
});

export const chargeWallet = command({
  name: 'test.chargeWallet',
  load: (rows, { userId }: { userId: number; points: number }) => ({ wallet: rows.lock(PointWallet, { userId }) }),
  decide: ({ wallet }, { userId, points }, changes) => {
    if (!wallet) throw new DomainError('USER_NOT_FOUND', 'No such user.', { userId });
    const entry = wallet.charge(points, changes);
    return { balance: wallet.balance, chargedAt: entry.createdAt };
  },
});

/** Charges one wallet after another, an entry for each charge. */
export const chargeMany = command({
  name: 'test.chargeMany',
  load: (rows, { userId }: { userId: number; times: number }) => ({ wallet: rows.lock(PointWallet, { userId }) }),
  decide: ({ wallet }, { times }, changes) => {
    const found = present(wallet);
    for (let time = 0; time < times; time++) found.charge(1, changes);
    return { balance: found.balance };
  },
});

export const addCoupon = command({
  name: 'test.addCoupon',
  load: () => ({}),
  decide: (_rows, { totalQuantity }: { totalQuantity: number }, changes) => {
    const coupon = changes.add(Coupon, {
      name: 'Welcome',
      discountType: 'FIXED',
      discountValue: 500,
      maxDiscountAmount: null,
      minOrderAmount: null,
      totalQuantity,
      issuedQuantity: 0,
      usedQuantity: 0,
      startsAt: null,
      expiresAt: null,
    });
    return { couponId: coupon.id };
  },
});

export const claimCoupon = command({
  name: 'test.claimCoupon',
  load: (rows, { couponId, userId }: { couponId: number; userId: number }) => ({
    coupon: rows.lock(Coupon, { id: couponId }),
    held: rows.find(UserCoupon, { couponId, userId }),
  }),
  decide: ({ coupon, held }, { userId }, changes) => {
    const { id, issuedAt } = present(coupon).issueTo(userId, held, changes);
    return { userCouponId: id, issuedAt };
  },
});

export const addCart = command({
  name: 'test.addCart',
  load: () => ({}),
  decide: (_rows, { userId }: { userId: number }, changes) => {
    return { cartId: changes.add(Cart, { userId, status: 'ACTIVE' }).id };
  },
});

export const addItem = command({
  name: 'test.addItem',
  load: (rows, { cartId, productId }: { cartId: number; productId: number; quantity: number }) => {
    const cart = rows.lock(Cart, { id: cartId });
    return { cart, item: rows.lock(CartItem, { cartId: cart.each('id'), productId }) };
  },
  decide: ({ cart, item }, { cartId, productId, quantity }, changes) => {
    present(cart).touch(changes.now);
    if (item) item.quantity += quantity;
    else changes.add(CartItem, { cartId, productId, quantity, price: 1_000 });
    return { quantity: item ? item.quantity : quantity };
  },
});

export const removeItem = command({
  name: 'test.removeItem',
  load: (rows, { cartId, productId }: { cartId: number; productId: number }) => {
    const cart = rows.lock(Cart, { id: cartId });
    return { cart, item: rows.lock(CartItem, { cartId: cart.each('id'), productId }) };
  },
  decide: ({ cart, item }, { productId }, changes) => {
    if (!item) throw new DomainError('CART_ITEM_NOT_FOUND', 'No such line.', { productId });
    present(cart).touch(changes.now);
    changes.remove(item);
    return {};
  },
});

/** Takes what is in a cart from the stocks, which its lines name. */
export const takeCart = command({
  name: 'test.takeCart',
  load: (rows, { cartId }: { cartId: number }) => {
    const cart = rows.lock(Cart, { id: cartId });
    const items = rows.lockAll(CartItem, { cartId: cart.each('id') });
    return { cart, items, ...stocksOf(rows, items.each('productId')) };
  },
  decide: (loaded, _input, changes) => take(loaded, changes),
});

/** The same by a load that waits for the lines, and goes by them. */
export const takeSeenCart = command({
  name: 'test.takeSeenCart',
  load: async (rows, { cartId }: { cartId: number }) => {
    const cart = rows.lock(Cart, { id: cartId });
    const items = rows.lockAll(CartItem, { cartId: cart.each('id') });
    const productIds = (await items).map(({ productId }) => productId);
    return { cart, items, ...stocksOf(rows, productIds) };
  },
  decide: (loaded, _input, changes) => take(loaded, changes),
});

function stocksOf(rows: Rows, productId: NonNullable<Where<Stock>['productId']>) {
  return { stocks: rows.lockAll(Stock, { productId }), products: rows.lockAll(Product, { id: productId }) };
}

interface Taken {
  cart: Cart | undefined;
  items: CartItem[];
  stocks: Stock[];
  products: Product[];
}

function take({ cart, items, stocks, products }: Taken, changes: Changes) {
  const lines = items.map(({ productId, quantity }) => ({
    quantity,
    stock: present(stocks.find((stock) => stock.productId === productId)),
    product: present(products.find((product) => product.id === productId)),
  }));
  for (const { stock, quantity } of lines) stock.assertCovers(quantity);
  for (const { stock, quantity, product } of lines) stock.adjust(-quantity, product, changes);
  present(cart).markOrdered(changes.now);
  return { lines: lines.map(({ product, quantity }) => ({ productId: product.id, quantity })) };
}

/** Moves pieces between two products and points between two wallets, all in one decision. */
export const transfer = command({
  name: 'test.transfer',
  load: (rows, input: { productIds: number[]; userIds: number[] }) => ({
    products: rows.lockAll(Product, { id: input.productIds }),
    stocks: rows.lockAll(Stock, { productId: input.productIds }),
    wallets: rows.lockAll(PointWallet, { userId: input.userIds }),
  }),
  decide: ({ products, stocks, wallets }, _input, changes) => {
    const [first] = stocks;
    if (!first) throw new Error('A transfer names products that exist.');
    first.assertCovers(stocks.length - 1);
    for (const stock of stocks) {
      const product = present(products.find(({ id }) => id === stock.productId));
      if (stocks.length > 1) stock.adjust(stock === first ? 1 - stocks.length : 1, product, changes);
    }
    for (const wallet of wallets) wallet.charge(1, changes);
    return {};
  },
});

/** Goes wrong in a way that no decision should: nobody can act on it. */
export const breakInDecide = command({
  name: 'test.breakInDecide',
  load: (rows, { productId }: { productId: number }) => ({
    stock: rows.lock(Stock, { productId }),
    product: rows.lock(Product, { id: productId }),
  }),
  decide: ({ stock, product }, _input, changes): never => {
    present(stock).adjust(1, present(product), changes);
    throw new TypeError('Broken in decide.');
  },
});

export const breakInLoad = command({
  name: 'test.breakInLoad',
  load: async (rows, { productId }: { productId: number }) => {
    const stock = rows.lock(Stock, { productId });
    if (await stock) throw new TypeError('Broken in load.');
    return { stock };
  },
  decide: () => ({}),
});

/** Decides what a CHECK of the database then refuses. */
export const breakCheck = command({
  name: 'test.breakCheck',
  load: (rows, { productId }: { productId: number; name?: string }) => ({
    product: rows.lock(Product, { id: productId }),
  }),
  decide: ({ product }, { name }, { now }) => {
    present(product).change({ price: -1, ...(name === undefined ? {} : { name }) }, now);
    return {};
  },
});

export function present<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('A test names rows that exist.');
  return row;
}
