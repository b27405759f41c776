import { type Database, dayOf, foldForSearch, Product, type Row } from '@baguni/db';
import { beyond, loadSortedPage, type Page } from '../pages.ts';
import type { Shop } from '../shop.ts';
import { daysBefore, toProductView } from './rules.ts';
import type { BestSellersInput, BestSellerView, ListProductsInput, ProductSort, ProductView } from './schema.ts';

const SORTS = {
  newest: { column: 'createdAt', direction: 'desc' },
  priceAsc: { column: 'price', direction: 'asc' },
  priceDesc: { column: 'price', direction: 'desc' },
  bestSelling: { column: 'soldQuantity', direction: 'desc' },
} as const satisfies Record<ProductSort, { column: keyof Row<Product>; direction: 'asc' | 'desc' }>;

/** A page of the products on sale. */
export function loadProducts(database: Database, input: ListProductsInput = {}): Promise<Page<ProductView>> {
  const { sort = 'newest', search, minPrice, maxPrice, inStock } = input;
  const { column, direction } = SORTS[sort];
  return loadSortedPage(input, {
    sort,
    fetch: (after, limit) =>
      database.read(
        Product,
        {
          $and: [
            { status: 'ON_SALE' },
            search === undefined ? {} : { searchText: { $contains: foldForSearch(search) } },
            minPrice === undefined ? {} : { price: { $gte: minPrice } },
            maxPrice === undefined ? {} : { price: { $lte: maxPrice } },
            inStock === undefined ? {} : { quantity: inStock ? { $gt: 0 } : 0 },
            after
              ? beyond(column, direction, { key: sort === 'newest' ? new Date(after.key) : after.key, id: after.id })
              : {},
          ],
        },
        { orderBy: { [column]: direction, id: direction }, limit },
      ),
    place: (product) => ({ key: Number(product[column]), id: product.id }),
    toItems: (products) => products.map(toProductView),
  });
}

/** The products that sold most in the last days, today included; of two that sold alike, the older one first. */
export async function loadBestSellers(
  shop: Shop,
  { days = 3, limit = 5 }: BestSellersInput = {},
): Promise<BestSellerView[]> {
  const em = shop.read();
  const today = dayOf(await shop.now(), shop.settings.timeZone);
  const sales = await em.execute<{ id: number | string; quantity: number | string; amount: number | string }[]>(
    `select product.id, sum(sale.quantity) as quantity, sum(sale.amount) as amount
    from daily_sales sale join products product on product.id = sale.product_id
    where sale.day >= ? and sale.day <= ? and product.status = 'ON_SALE'
    group by product.id having sum(sale.quantity) > 0
    order by sum(sale.quantity) desc, product.id limit ?`,
    [daysBefore(today, days - 1), today, limit],
  );
  const ids = sales.map(({ id }) => Number(id));
  const products = await shop.database.read(Product, { id: { $in: ids } });
  const byId = new Map(products.map((product) => [product.id, toProductView(product)]));
  return sales.flatMap(({ id, quantity, amount }) => {
    const product = byId.get(Number(id));
    // It may have been hidden between the two reads.
    return product?.status === 'ON_SALE' ? [{ product, quantity: Number(quantity), amount: Number(amount) }] : [];
  });
}
