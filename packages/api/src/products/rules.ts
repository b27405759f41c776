import type { Product, Row } from '@baguni/db';
import { DomainError } from '../errors.ts';
import type { ProductView } from './schema.ts';

export function toProductView(product: Row<Product>): ProductView {
  const { id, name, description, price, quantity, status, version, createdAt, updatedAt } = product;
  return { id, name, description, price, quantity, status, version, createdAt, updatedAt };
}

/** A day some days earlier; days are written as 2026-01-31. */
export function daysBefore(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00.000Z`);
  moment.setUTCDate(moment.getUTCDate() - days);
  return moment.toISOString().slice(0, 10);
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
