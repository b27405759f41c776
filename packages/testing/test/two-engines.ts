import { type Database, openDatabase } from '@baguni/db';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { onTestFinished } from 'vitest';

export interface Engines<Each> {
  readonly sqlite: Each;
  readonly postgres: Each;
}

/** An empty shop in memory and one on Postgres, to see where they differ. */
export async function openBoth(): Promise<Engines<Database>> {
  return { sqlite: await open('sqlite::memory:'), postgres: await open(await freshDatabaseUrl('postgres')) };
}

/** The same on each of them. */
export async function onBoth<Seen>(look: (database: Database) => Promise<Seen>): Promise<Engines<Seen>> {
  const { sqlite, postgres } = await openBoth();
  return { sqlite: await look(sqlite), postgres: await look(postgres) };
}

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  await database.migrate();
  return database;
}

/** What a statement gives, or the words with which it fails. */
export async function outcomeOf(call: PromiseLike<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** A moment that comes when it is called. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}
