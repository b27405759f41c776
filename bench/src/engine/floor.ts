import { placeOrder } from '@baguni/api';
import { type Interceptor, openDatabaseFrom, UnitOfWork } from '@baguni/db';
import type { Snapshot } from '@baguni/testing';
import BetterSqlite3 from 'better-sqlite3';

interface Sent {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The statements of one purchase, to send them again without anything around them. */
export async function statementsOf(
  { bytes }: Snapshot,
  { userId, productId }: { userId: number; productId: number },
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const interceptor: Interceptor = (statement) => {
    sent.push({ sql: statement.sql, parameters: statement.parameters });
    return statement.send();
  };
  await using database = await openDatabaseFrom(bytes, { interceptor });
  await new UnitOfWork(database).execute(placeOrder, {
    input: { userId, items: [{ productId, quantity: 1 }], points: 1_000, idempotencyKey: 'bench' },
    actor: { kind: 'customer', userId },
    idempotencyKey: 'bench',
  });
  return sent;
}

/** What a database in memory and a purchase cost at least: SQLite opens the same bytes and is sent the same statements. */
export function sendAgain({ bytes }: Snapshot, statements: readonly Sent[]): { open: number; purchase: number } {
  const began = performance.now();
  const file = new BetterSqlite3(bytes);
  file.prepare('select id from products limit 1').all();
  const opened = performance.now();
  for (const { sql, parameters } of statements) {
    const statement = file.prepare<unknown[]>(sql);
    if (statement.reader) statement.all(parameters);
    else statement.run(parameters);
  }
  const bought = performance.now();
  file.close();
  return { open: opened - began, purchase: bought - opened };
}
