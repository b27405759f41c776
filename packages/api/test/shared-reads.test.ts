import { createTestEngine } from '@baguni/testing';
import { expect, test } from 'vitest';
import { SharedReads } from '../src/shared-reads.ts';

/** A read that ends when the test says so. */
function heldRead() {
  const reads: PromiseWithResolvers<string>[] = [];
  const read = () => {
    const held = Promise.withResolvers<string>();
    reads.push(held);
    return held.promise;
  };
  return { reads, read };
}

test('callers who come while an answer is made share the next one, which is begun after they asked', async () => {
  const shared = new SharedReads<string>();
  const { reads, read } = heldRead();
  const first = shared.ask('products', read);
  const [second, third] = [shared.ask('products', read), shared.ask('products', read)];
  expect(reads).toHaveLength(1);

  reads[0]?.resolve('before');
  expect(await first).toBe('before');
  expect(reads).toHaveLength(2);
  const fourth = shared.ask('products', read);
  reads[1]?.resolve('after');
  expect(await Promise.all([second, third])).toEqual(['after', 'after']);
  expect(reads).toHaveLength(3);
  reads[2]?.resolve('later');
  expect(await fourth).toBe('later');
});

test('an answer that fails is for the one who asked first; those who waited ask again', async () => {
  const shared = new SharedReads<string>();
  const { reads, read } = heldRead();
  const first = shared.ask('products', read);
  const second = shared.ask('products', read);
  reads[0]?.reject(new Error('The database is away.'));
  await expect(first).rejects.toThrow('away');
  reads[1]?.resolve('here again');
  expect(await second).toBe('here again');
});

test('visitors who ask for one page at once are told the same, and whoever shows a token is answered alone', async () => {
  await using engine = await createTestEngine();
  const product = await engine.given.product();
  const pages = await Promise.all(
    Array.from({ length: 20 }, () => engine.fetch('http://engine.test/trpc/products.list').then((page) => page.text())),
  );
  expect(new Set(pages).size).toBe(1);
  expect(pages[0]).toContain(product.name);

  const missing = 'http://engine.test/trpc/products.get?input={"productId":999}';
  const refusals = await Promise.all(
    Array.from({ length: 3 }, () =>
      engine.fetch(missing).then(async (answer) => [answer, await answer.text()] as const),
    ),
  );
  for (const [answer, text] of refusals) expect(text).toContain(answer.headers.get('x-request-id'));
  expect(new Set(refusals.map(([, text]) => text)).size).toBe(3);
});
