import { openDatabase, UnitOfWork } from '../src/index.ts';
import { adjustStock } from './commands.ts';

// A process of its own: it migrates, says that it is ready, and then takes pieces of a product, all at once.
const [url = ''] = process.argv.slice(2);
const database = await openDatabase(url);
const unitOfWork = new UnitOfWork(database);

process.once('message', async ({ productId, takes }: { productId: number; takes: number }) => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: takes }, () =>
      unitOfWork.execute(adjustStock, { input: { productId, delta: -1 }, actor: { kind: 'system' } }),
    ),
  );
  await database.close();
  process.send?.(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'sold' : outcome.reason.reason)));
  process.disconnect();
});

await database.migrate();
process.send?.('ready');
