import { assertVersion, type Changes, command, foldForSearch, Product, Stock, StockEntry } from '@baguni/db';
import { productNotFound, toProductView } from './rules.ts';
import type {
  AdjustStockInput,
  AdjustStocksInput,
  CreateProductInput,
  CreateProductsInput,
  SetProductStatusInput,
  UpdateProductInput,
} from './schema.ts';

export const createProduct = command({
  name: 'products.create',
  load: (_rows, _input: CreateProductInput) => ({}),
  decide: (_loaded, input, changes) => toProductView(addProduct(input, changes)),
});

export const createProducts = command({
  name: 'products.createMany',
  load: (_rows, _input: CreateProductsInput) => ({}),
  decide: (_loaded, { products }, changes) => products.map((each) => toProductView(addProduct(each, changes))),
});

function addProduct(input: CreateProductInput, changes: Changes): Product {
  const { name, description = '', price, quantity = 0, status = 'ON_SALE' } = input;
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
  return product;
}

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

export const setProductStatus = command({
  name: 'products.setStatus',
  load: (rows, { productId }: SetProductStatusInput) => ({ product: rows.lock(Product, { id: productId }) }),
  decide: ({ product }, { productId, expectedVersion, status }, { now }) => {
    if (!product) throw productNotFound(productId);
    assertVersion(product, expectedVersion);
    product.change({ status }, now);
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

export const adjustStocks = command({
  name: 'products.adjustStocks',
  load: (rows, { adjustments }: AdjustStocksInput) => {
    const productId = adjustments.map((each) => each.productId);
    return { stocks: rows.lockAll(Stock, { productId }), products: rows.lockAll(Product, { id: productId }) };
  },
  decide: ({ stocks, products }, { adjustments }, changes) => {
    const stockOf = new Map(stocks.map((stock) => [stock.productId, stock]));
    const productOf = new Map(products.map((product) => [product.id, product]));
    const rows = adjustments.map(({ productId, delta }) => {
      const stock = stockOf.get(productId);
      const product = productOf.get(productId);
      if (!stock || !product) throw productNotFound(productId);
      stock.assertAdjustable(delta);
      return { stock, product, delta };
    });
    for (const { stock, product, delta } of rows) stock.adjust(delta, product, changes);
    return rows.map(({ product }) => toProductView(product));
  },
});
