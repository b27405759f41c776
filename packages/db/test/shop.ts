import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { onTestFinished } from 'vitest';
import {
  type Actor,
  type Command,
  type Database,
  type Loading,
  openDatabase,
  UnitOfWork,
  type UnitOfWorkOptions,
} from '../src/index.ts';
import { addProduct, addUser } from './commands.ts';

const SYSTEM: Actor = { kind: 'system' };

/** A migrated database of the test's own, with a unit of work over it. */
export async function openShop(options: UnitOfWorkOptions = {}): Promise<Shop> {
  const shop = await joinShop(await freshDatabaseUrl(), options);
  await shop.database.migrate();
  return shop;
}

/** Another handle on a database, as another process would have it. */
export async function joinShop(url: string, options: UnitOfWorkOptions = {}): Promise<Shop> {
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  return new Shop(url, database, options);
}

export class Shop {
  readonly url: string;
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;

  constructor(url: string, database: Database, options: UnitOfWorkOptions) {
    this.url = url;
    this.database = database;
    this.unitOfWork = new UnitOfWork(database, { verifyRefusals: true, ...options });
  }

  run<Input, L extends Loading, Answer>(
    command: Command<Input, L, Answer>,
    input: Input,
    { key, actor = SYSTEM }: { key?: string; actor?: Actor } = {},
  ): Promise<Answer> {
    return this.unitOfWork.execute(command, { input, actor, idempotencyKey: key });
  }

  async givenProduct(quantity: number): Promise<number> {
    return (await this.run(addProduct, { quantity })).productId;
  }

  async givenProducts(count: number, quantity: number): Promise<number[]> {
    const added = await Promise.all(Array.from({ length: count }, () => this.run(addProduct, { quantity })));
    return added.map(({ productId }) => productId);
  }

  async givenUsers(count: number): Promise<number[]> {
    const added = await Promise.all(Array.from({ length: count }, () => this.run(addUser, {})));
    return added.map(({ userId }) => userId);
  }

  async givenUser(): Promise<number> {
    return (await this.run(addUser, {})).userId;
  }

  /** What each product's stock holds, what its copy says, and what its entries add up to. */
  async stockBooks(): Promise<StockBooks[]> {
    const rows = await this.database.fork().execute<Record<keyof StockBooks, number | string>[]>(`
      select products.id as "productId", stocks.quantity as stock, products.quantity as copy, stocks.version as version,
        (select coalesce(sum(quantity), 0) from stock_entries where product_id = products.id) as entries,
        (select count(*) from stock_entries where product_id = products.id) as "entryCount"
      from products join stocks on stocks.product_id = products.id order by products.id`);
    return rows.map((row) => ({
      productId: Number(row.productId),
      stock: Number(row.stock),
      copy: Number(row.copy),
      version: Number(row.version),
      entries: Number(row.entries),
      entryCount: Number(row.entryCount),
    }));
  }

  /** Every row of every table, as text to compare. */
  async everyRow(): Promise<Record<string, string>> {
    const em = this.database.fork();
    const tables: Record<string, string> = {};
    for (const { tableName } of em.getMetadata().getAll().values()) {
      tables[tableName] = JSON.stringify(await em.execute(`select * from ${tableName} order by 1, 2`));
    }
    return tables;
  }
}

export interface StockBooks {
  productId: number;
  stock: number;
  copy: number;
  version: number;
  entries: number;
  entryCount: number;
}

/** Runs `hold` in a transaction of its own, which stays open until the answer is called. */
export async function holdOpen(
  database: Database,
  sql: string,
  parameters: unknown[] = [],
): Promise<() => Promise<void>> {
  const em = database.fork();
  await em.begin();
  await em.execute(sql, parameters);
  let isHeld = true;
  const release = async () => {
    if (!isHeld) return;
    isHeld = false;
    await em.rollback();
  };
  onTestFinished(release);
  return release;
}

/** One turn of the event loop: what has arrived by then is in a batch. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
