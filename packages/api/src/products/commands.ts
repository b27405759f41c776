import { assertVersion, command, foldForSearch, Product, Stock, StockEntry } from '@baguni/db';
import { productNotFound, toProductView } from './rules.ts';
import type { AdjustStockInput, CreateProductInput, UpdateProductInput } from './schema.ts';

export const createProduct = command({
  name: 'products.create',
  load: (_rows, _input: CreateProductInput) => ({}),
  decide: (_loaded, { name, description = '', price, quantity = 0, status = 'ON_SALE' }, changes) => {
    const product = changes.add(Product, {
      name,
      description,
      price,
      quantity,
      status,
      searchText: foldForSearch(`${name}\n${description}`),
      soldQuantity: 0,
    });
    changes.add(Stock, { productId: product.id, quantity });
    if (quantity > 0) {
      changes.add(StockEntry, { productId: product.id, reason: 'INITIAL', quantity, orderId: null });
    }
    return toProductView(product);
  },
});

export const updateProduct = command({
  name: 'products.update',
  load: (rows, { productId }: UpdateProductInput) => ({ product: rows.lock(Product, { id: productId }) }),
  decide: ({ product }, { productId, expectedVersion, name, description, price, status }, { now }) => {
    if (!product) throw productNotFound(productId);
    assertVersion(product, expectedVersion);
    product.change({ name, description, price, status }, now);
    return toProductView(product);
  },
});

export const adjustStock = command({
  name: 'products.adjustStock',
  load: (rows, { productId }: AdjustStockInput) => ({
    stock: rows.lock(Stock, { productId }),
    product: rows.lock(Product, { id: productId }),
  }),
  decide: ({ stock, product }, { productId, expectedVersion, delta }, changes) => {
    if (!stock || !product) throw productNotFound(productId);
    assertVersion(product, expectedVersion);
    stock.adjust(delta, product, changes);
    return toProductView(product);
  },
});
