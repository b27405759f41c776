import fc from 'fast-check';
import superjson from 'superjson';
import { expect, test } from 'vitest';
import { superjsonForm } from '../src/superjson-form.ts';

const DATE = new Date('2026-01-31T12:00:00.123Z');
const OTHER_DATE = new Date('2026-02-01T00:00:00.000Z');
const SHARED = { at: DATE };

/** Keys that superjson escapes, that change the order of an object's fields, or that it refuses. */
const keys = fc.oneof(
  fc.constantFrom('a', 'createdAt', 'a.b', 'a\\b', '\\.', '', '0', '1', '10', '01', '__proto__', 'constructor', 'é'),
  fc.string(),
);
const leaves = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(
    null,
    undefined,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    10n,
    DATE,
    SHARED,
    /a/g,
    new Map([[1, DATE]]),
  ),
  fc.constantFrom(new Set([DATE]), new Error('no'), new URL('http://shop.test'), Symbol.for('a'), () => 1, Object),
);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'medium' }, leaves, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: false }),
}));

/** What the two write, or that they refuse to. */
function written(serialize: (value: unknown) => unknown, value: unknown): string | undefined {
  try {
    return JSON.stringify(serialize(value));
  } catch (error) {
    return `refused: ${error}`;
  }
}

test('answers are written as superjson writes them, to the byte', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(written(superjsonForm.serialize, value)).toBe(written(superjson.serialize, value));
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

test('what our answers are made of arrives as it was', () => {
  const views = fc.array(
    fc.record({
      id: fc.integer(),
      name: fc.string(),
      createdAt: fc.date({ noInvalidDate: true }),
      'a.b': fc.date({ noInvalidDate: true }),
    }),
  );
  fc.assert(
    fc.property(views, (items) => {
      const travelled = JSON.parse(JSON.stringify(superjsonForm.serialize({ items, nextCursor: null })));
      expect(superjsonForm.deserialize(travelled)).toEqual(
        superjson.deserialize(superjson.serialize({ items, nextCursor: null })),
      );
    }),
    { seed: 1 },
  );
});

test.each<[string, unknown]>([
  ['a Date by itself', DATE],
  ['one Date at two places', { createdAt: DATE, updatedAt: DATE }],
  ['one Date inside and then outside', { payment: { at: DATE }, items: [{ at: DATE }], at: DATE }],
  ['two Dates at two places each', { at: DATE, items: [{ at: OTHER_DATE, since: DATE }], until: OTHER_DATE }],
  ['one object at two places', [SHARED, SHARED]],
  ['Dates under keys like numbers', { x: { 1: { at: new Date(0) }, 2: new Date(1) } }],
  ['Dates in an array beside objects', { x: [{ at: new Date(0) }, new Date(1)] }],
  ['a Date under a key with dots', { 'a.b': { c: new Date(0) } }],
  ['a field that is not there', { a: undefined, at: new Date(0) }],
  ['an array with holes', { list: new Array(2) }],
  ['a Date that is none', { at: new Date(Number.NaN) }],
  ['an object that writes itself', { toJSON: () => 'mine', at: new Date(0) }],
  ['a Date of a class of its own', { at: new (class extends Date {})(0) }],
])('%s is written as superjson writes it', (_title, value) => {
  expect(written(superjsonForm.serialize, value)).toBe(written(superjson.serialize, value));
});
