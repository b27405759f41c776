import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshDatabaseUrl } from '@baguni/testing/fresh-database';
import { expect, inject, onTestFinished, test } from 'vitest';
import { joinShop } from './shop.ts';

test('three processes that start on one empty database at once all find it migrated', { timeout: 30_000 }, async () => {
  const url = await sharedDatabaseUrl();

  await Promise.all([startRacer(url), startRacer(url), startRacer(url)]);

  const { database } = await joinShop(url);
  expect(await database.schemaDifference()).toBe('');
});

test('a stock of fifty raced by three processes sells exactly fifty', { timeout: 30_000 }, async () => {
  const url = await sharedDatabaseUrl();
  const shop = await joinShop(url);
  await shop.database.migrate();
  const productId = await shop.givenProduct(50);
  const racers = await Promise.all([startRacer(url), startRacer(url), startRacer(url)]);

  for (const racer of racers) racer.send({ productId, takes: 70 });
  const outcomes = (await Promise.all(racers.map((racer) => once(racer, 'message')))).flat(2);

  expect(outcomes.filter((outcome) => outcome === 'sold')).toHaveLength(50);
  expect(outcomes.filter((outcome) => outcome === 'STOCK_INSUFFICIENT')).toHaveLength(160);
  expect(await shop.stockBooks()).toMatchObject([{ stock: 0, copy: 0, entries: 0, entryCount: 51 }]);
});

/** A database that other processes can reach, which SQLite's memory is not. */
async function sharedDatabaseUrl(): Promise<string> {
  if (inject('engine') === 'postgres') return freshDatabaseUrl();
  const folder = await mkdtemp(join(tmpdir(), 'baguni-db-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return `sqlite:${join(folder, 'shop.db')}`;
}

async function startRacer(url: string): Promise<ChildProcess> {
  const racer = fork(fileURLToPath(import.meta.resolve('./racer.ts')), [url], { stdio: 'pipe' });
  onTestFinished(() => void racer.kill());
  let complaint = '';
  racer.stderr?.on('data', (text) => {
    complaint += text;
  });
  await Promise.race([
    once(racer, 'message'),
    once(racer, 'close').then(() => Promise.reject(new Error(`The process ended: ${complaint}`))),
  ]);
  return racer;
}
