import { defineEntity, p } from '@mikro-orm/core';
import { DomainError } from '../errors.ts';
import type { Changes } from '../unit-of-work/changes.ts';
import { id, quantity, timestamps, version } from './columns.ts';
import { Product } from './product.ts';
import { StockEntry, type StockReason } from './stock-entry.ts';
import { raiseVersion } from './versioned.ts';

/** No stock holds more pieces than this. */
export const STOCK_QUANTITY_MAX = 1_000_000_000;

const StockSchema = defineEntity({
  name: 'Stock',
  tableName: 'stocks',
  properties: {
    id: id(),
    productId: () => p.oneToOne(Product).mapToPk().joinColumn('product_id').unique('stocks_product_id_unique'),
    quantity: quantity(),
    version: version(),
    ...timestamps,
  },
  checks: [{ name: 'stocks_quantity_check', expression: 'quantity >= 0' }],
});

/** The pieces of one product that are there to sell. Each change writes its entry and the product's copy with it. */
export class Stock extends StockSchema.class {
  assertCovers(requested: number): void {
    if (requested <= this.quantity) return;
    throw new DomainError(
      'STOCK_INSUFFICIENT',
      `Product ${this.productId} has ${this.quantity} left, ${requested} asked for.`,
      { productId: this.productId, requested, available: this.quantity },
    );
  }

  /** Takes pieces for an order. */
  take(pieces: number, orderId: number, product: Product, changes: Changes): void {
    this.assertCovers(pieces);
    this.move('ORDER', -pieces, orderId, product, changes);
  }

  /** Puts back pieces of an order that was cancelled or refunded. There is always room for what was here before. */
  giveBack(reason: 'CANCEL' | 'REFUND', pieces: number, orderId: number, product: Product, changes: Changes): void {
    this.move(reason, pieces, orderId, product, changes);
  }

  assertAdjustable(delta: number): void {
    this.assertCovers(-delta);
    if (this.quantity + delta > STOCK_QUANTITY_MAX) {
      throw new DomainError('STOCK_LIMIT', `A stock holds at most ${STOCK_QUANTITY_MAX} pieces.`, {
        productId: this.productId,
        limit: STOCK_QUANTITY_MAX,
        quantity: this.quantity,
      });
    }
  }

  /** Corrects the stock by hand: `delta` pieces more, or fewer when negative. */
  adjust(delta: number, product: Product, changes: Changes): void {
    this.assertAdjustable(delta);
    this.move('ADJUST', delta, null, product, changes);
  }

  private move(reason: StockReason, pieces: number, orderId: number | null, product: Product, changes: Changes): void {
    this.quantity += pieces;
    raiseVersion(this, changes.now);
    product.quantity = this.quantity;
    raiseVersion(product, changes.now);
    changes.add(StockEntry, { productId: this.productId, reason, quantity: pieces, orderId });
    this.tellFall(this.quantity - pieces, product, changes);
  }

  /** Tells of each mark that the stock fell to or past. */
  private tellFall(before: number, product: Product, changes: Changes): void {
    const { productId, quantity } = this;
    const lowAt = changes.settings.stockLowAt;
    const event = { aggregateType: 'product', aggregateId: productId, aggregateVersion: product.version } as const;
    if (before > lowAt && quantity <= lowAt) {
      changes.emit({ ...event, type: 'stock.low', payload: { productId, quantity, lowAt } });
    }
    if (before > 0 && quantity === 0) changes.emit({ ...event, type: 'stock.out', payload: { productId, quantity } });
  }
}

StockSchema.setClass(Stock);
