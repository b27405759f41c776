import { superjsonForm } from '@baguni/db';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answerCheckOf } from '../src/answer-shape.ts';

const DATE = new Date('2026-01-31T12:00:00.123Z');
const SHARED = { id: 1, at: DATE };

const item = z.strictObject({ id: z.int(), at: z.date().nullable() });
const view = z.strictObject({
  name: z.string(),
  isOpen: z.boolean(),
  status: z.enum(['ON', 'OFF']),
  kind: z.literal('view'),
  items: z.array(item),
  at: z.date(),
  inner: item.nullable(),
});

const integers = fc.oneof({ weight: 8, arbitrary: fc.integer() }, fc.constantFrom(-0, 1.5, 2 ** 53, Number.NaN, '1'));
const moments = fc.oneof({ weight: 8, arbitrary: fc.date() }, fc.constantFrom(null, DATE, DATE.toISOString()));
class Item {
  readonly id = 1;
  readonly at = DATE;
}
const items = fc.oneof(
  { weight: 20, arbitrary: fc.record({ id: integers, at: moments }, { noNullPrototype: false }) },
  fc.constantFrom(SHARED, { at: null, id: 1 }, { id: 1 }, { ...SHARED, secret: 1 }, new Item(), undefined, []),
);
const views = fc.record(
  {
    name: fc.oneof({ weight: 20, arbitrary: fc.string({ unit: 'binary' }) }, fc.constant(7)),
    isOpen: fc.oneof({ weight: 20, arbitrary: fc.boolean() }, fc.constant(1)),
    status: fc.constantFrom('ON', 'OFF', 'ON', 'OFF', 'ON', 'OFF', 'ON', 'on'),
    kind: fc.constant('view'),
    items: fc.array(items, { maxLength: 12 }),
    at: fc.oneof({ weight: 20, arbitrary: fc.date({ noInvalidDate: false }) }, fc.constant(DATE)),
    inner: fc.option(items),
  },
  { noNullPrototype: false },
);

/** What is written of an answer, or that it is refused. */
function written(write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof z.ZodError) return `refused: ${JSON.stringify(error.issues)}`;
    throw error;
  }
}

test('an answer leaves as it would after zod, to the byte, or is refused as by zod', () => {
  const check = answerCheckOf(view);
  const seen = { looked: 0, refused: 0, other: 0 };
  fc.assert(
    fc.property(views, (answer) => {
      const own = written(() => {
        const { data, dates } = check(answer);
        seen[dates ? 'looked' : 'other']++;
        return dates ? superjsonForm.textOf(data, dates) : JSON.stringify(superjsonForm.serialize(data));
      });
      if (own.startsWith('refused')) seen.refused++;
      expect(own).toBe(written(() => JSON.stringify(superjsonForm.serialize(view.parse(answer)))));
    }),
    { numRuns: 5_000, seed: 1 },
  );
  // Otherwise the test would say little of one of the ways.
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(100);
});

test('what a shape does not declare does not leave', () => {
  const check = answerCheckOf(z.strictObject({ items: z.array(item) }));
  expect(() => check({ items: [{ ...SHARED, secret: 1 }] })).toThrow('secret');
  expect(() => check({ items: [], secret: 1 })).toThrow('secret');
  expect(check({ items: [new Item()] }).data).toEqual({ items: [{ id: 1, at: DATE }] });
});

test.each([
  ['a number with a bound', z.strictObject({ id: z.int().min(1) }), { id: 0 }],
  ['text of a format', z.strictObject({ url: z.url() }), { url: 'no' }],
  ['text with a length', z.strictObject({ name: z.string().max(1) }), { name: 'ab' }],
  ['a list with a length', z.strictObject({ items: z.array(z.int()).max(1) }), { items: [1, 2] }],
  ['an object with a rule', z.strictObject({ id: z.int() }).refine(({ id }) => id > 0), { id: 0 }],
  ['a number for a word', z.strictObject({ kind: z.literal([1, 2]) }), { kind: 3 }],
])('%s is still refused', (_name, shape, answer) => {
  expect(() => answerCheckOf(shape)(answer)).toThrow(z.ZodError);
});

test.each([
  ['a default', z.strictObject({ id: z.int().default(1) }), {}, { id: 1 }],
  ['a transformation', z.strictObject({ name: z.string().trim() }), { name: ' a ' }, { name: 'a' }],
  ['an object that drops what it does not know', z.object({ id: z.int() }), { id: 1, secret: 1 }, { id: 1 }],
])('%s still does its work', (_name, shape, answer, data) => {
  expect(answerCheckOf(shape)(answer)).toEqual({ data, dates: undefined });
});
