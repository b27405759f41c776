import { expect, test } from 'vitest';
import { Product, User } from '../src/index.ts';
import { SingleRows } from '../src/single-rows.ts';

type Statement = PromiseWithResolvers<{ id: number }[]> & { readonly ids: readonly number[] };

/** Statements that end when the test says so. */
function heldStatements() {
  const statements: Statement[] = [];
  const rows = new SingleRows((_type, ids) => {
    const statement = { ...Promise.withResolvers<{ id: number }[]>(), ids };
    statements.push(statement);
    return statement.promise;
  });
  const sent = async () => {
    await new Promise(setImmediate);
    return statements.map(({ ids }) => ids);
  };
  return { statements, rows, sent };
}

test('callers who ask in one turn share a statement, and each gets their own row', async () => {
  const { statements, rows, sent } = heldStatements();
  const asked = [rows.one(Product, 1), rows.one(Product, 2), rows.one(Product, 1), rows.one(Product, 3)];
  const user = rows.one(User, 1);
  expect(await sent()).toEqual([[1, 2, 3], [1]]);
  statements[0]?.resolve([{ id: 1 }, { id: 2 }]);
  statements[1]?.resolve([]);
  expect(await Promise.all(asked)).toEqual([{ id: 1 }, { id: 2 }, { id: 1 }, undefined]);
  expect(await user).toBeUndefined();
});

test('who asks while statements are under way gets one that is begun after they asked', async () => {
  const { statements, rows, sent } = heldStatements();
  const first = rows.one(Product, 1);
  await sent();
  const second = rows.one(Product, 1);
  await sent();
  const third = rows.one(Product, 1);
  expect(await sent()).toEqual([[1], [1]]);
  statements[0]?.resolve([{ id: 1 }]);
  await first;
  expect(await sent()).toEqual([[1], [1], [1]]);
  statements[1]?.reject(new Error('The database is away.'));
  statements[2]?.resolve([{ id: 1 }]);
  await expect(second).rejects.toThrow('away');
  expect(await third).toEqual({ id: 1 });
});
