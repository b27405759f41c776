import type { Product } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { ProductView } from './schema.ts';

export function toProductView(product: Product): ProductView {
  const { id, name, description, price, quantity, status, version, createdAt, updatedAt } = product;
  return { id, name, description, price, quantity, status, version, createdAt, updatedAt };
}

export function productNotFound(productId: number): DomainError {
  return new DomainError('PRODUCT_NOT_FOUND', `There is no product ${productId}.`, { productId });
}

/** Refuses with `PRODUCT_NOT_FOUND` or `PRODUCT_NOT_ON_SALE` what a customer cannot buy. */
export function assertOnSale<P extends Pick<Product, 'status'>>(product: P | undefined, productId: number): P {
  if (!product) throw productNotFound(productId);
  if (product.status === 'ON_SALE') return product;
  throw new DomainError('PRODUCT_NOT_ON_SALE', `Product ${productId} is not on sale.`, { productId });
}
