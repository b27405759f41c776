import type { JsonSchema, ProcedureSurface, Surface } from '@baguni/api';
import { describe, expect, test } from 'vitest';
import { compareSurfaces } from '../src/compare.ts';

const NOTHING: Surface = {
  procedures: {},
  types: {},
  commonReasons: { everyCall: [], everyCallOfSomebody: [], everyMutation: [] },
  reasons: {},
  exports: {},
};

const PROCEDURE: ProcedureSurface = {
  kind: 'mutation',
  callers: 'admin',
  description: 'Does something.',
  reasons: ['A'],
  input: null,
  inputOptional: true,
  output: {},
};

const withProcedure = (procedure: Partial<ProcedureSurface>, types: Surface['types'] = {}): Surface => ({
  ...NOTHING,
  types,
  procedures: { 'do.it': { ...PROCEDURE, ...procedure } },
});

const said = (before: Surface, after: Surface) =>
  compareSurfaces(before, after).map(
    ({ where, what, breaking }) => `${breaking ? 'breaks' : 'adds'}: ${where} ${what}`,
  );

const fields = (properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});
const strict = (properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  ...fields(properties, ...required),
  additionalProperties: false,
});
const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

const NUMBER: JsonSchema = { type: 'integer' };
const TEXT: JsonSchema = { type: 'string' };

interface Case {
  readonly title: string;
  readonly was: JsonSchema;
  readonly is: JsonSchema;
  /** What is said where callers send it, after `do.it input`. */
  readonly sent: readonly string[];
  /** What is said where they are answered it, after `do.it output`. */
  readonly answered: readonly string[];
}

const ROWS: Case[] = [
  { title: 'the same', was: strict({ a: NUMBER }, 'a'), is: strict({ a: NUMBER }, 'a'), sent: [], answered: [] },
  {
    title: 'another comment',
    was: strict({ a: { ...NUMBER, description: 'One.' } }),
    is: strict({ a: { ...NUMBER, description: 'Two.' } }),
    sent: [],
    answered: [],
  },
  {
    title: 'a new optional field',
    was: strict({ a: NUMBER }),
    is: strict({ a: NUMBER, b: TEXT }),
    sent: [],
    answered: [],
  },
  {
    title: 'a new field that is always there',
    was: strict({ a: NUMBER }),
    is: strict({ a: NUMBER, b: TEXT }, 'b'),
    sent: ['.b is now required'],
    answered: [],
  },
  {
    title: 'a field that is gone',
    was: strict({ a: NUMBER, b: TEXT }, 'b'),
    is: strict({ a: NUMBER }),
    sent: ['.b is gone'],
    answered: ['.b is gone'],
  },
  {
    title: 'an optional field that is gone',
    was: strict({ a: NUMBER, b: TEXT }),
    is: strict({ a: NUMBER }),
    sent: ['.b is gone'],
    answered: ['.b is gone'],
  },
  {
    title: 'a field that must be there now',
    was: strict({ a: NUMBER }),
    is: strict({ a: NUMBER }, 'a'),
    sent: ['.a is now required'],
    answered: [],
  },
  {
    title: 'a field that may be left out now',
    was: strict({ a: NUMBER }, 'a'),
    is: strict({ a: NUMBER }),
    sent: [],
    answered: ['.a may now be missing'],
  },
  {
    title: 'another type',
    was: strict({ a: NUMBER }),
    is: strict({ a: TEXT }),
    sent: ['.a no longer takes integer'],
    answered: ['.a may now be string', '.a is never integer any more'],
  },
  {
    title: 'numbers instead of whole numbers',
    was: NUMBER,
    is: { type: 'number' },
    sent: [],
    answered: [' was integer, is number'],
  },
  { title: 'anything instead of a type', was: NUMBER, is: {}, sent: [], answered: [' may now be anything'] },
  {
    title: 'null, too',
    was: strict({ a: TEXT }),
    is: strict({ a: nullable(TEXT) }),
    sent: [],
    answered: ['.a may now be null'],
  },
  {
    title: 'null no more',
    was: strict({ a: { type: ['string', 'null'] } }),
    is: strict({ a: TEXT }),
    sent: ['.a no longer takes null'],
    answered: ['.a is never null any more'],
  },
  {
    title: 'null written in another way',
    was: nullable(TEXT),
    is: { type: ['string', 'null'] },
    sent: [],
    answered: [],
  },
  {
    title: 'one more value',
    was: { ...TEXT, enum: ['A', 'B'] },
    is: { ...TEXT, enum: ['A', 'B', 'C'] },
    sent: [],
    answered: [' may now be C'],
  },
  {
    title: 'one value less',
    was: { ...TEXT, enum: ['A', 'B'] },
    is: { ...TEXT, enum: ['A'] },
    sent: [' no longer takes B'],
    answered: [' is never B any more'],
  },
  {
    title: 'certain values instead of any text',
    was: TEXT,
    is: { ...TEXT, enum: ['A'] },
    sent: [' takes only A'],
    answered: [],
  },
  {
    title: 'any text instead of certain values',
    was: { ...TEXT, enum: ['A'] },
    is: TEXT,
    sent: [],
    answered: [' may now be any value'],
  },
  { title: 'a constant among values', was: { const: 'A' }, is: { ...TEXT, enum: ['A'] }, sent: [], answered: [] },
  {
    title: 'a higher minimum',
    was: { ...NUMBER, minimum: 0 },
    is: { ...NUMBER, minimum: 1 },
    sent: [' minimum was 0, is 1'],
    answered: [],
  },
  {
    title: 'the same minimum in other words',
    was: { ...NUMBER, minimum: 1 },
    is: { ...NUMBER, exclusiveMinimum: 0 },
    sent: [],
    answered: [],
  },
  {
    title: 'no maximum any more',
    was: { ...NUMBER, maximum: 5 },
    is: NUMBER,
    sent: [],
    answered: [' maximum was 5, is not there'],
  },
  {
    title: 'a lower maximum',
    was: { ...NUMBER, maximum: 5 },
    is: { ...NUMBER, maximum: 4 },
    sent: [' maximum was 5, is 4'],
    answered: [],
  },
  {
    title: 'shorter texts',
    was: { ...TEXT, minLength: 1, maxLength: 20 },
    is: { ...TEXT, minLength: 2, maxLength: 10 },
    sent: [' minLength was 1, is 2', ' maxLength was 20, is 10'],
    answered: [],
  },
  {
    title: 'fewer items',
    was: { type: 'array', items: NUMBER, minItems: 1, maxItems: 20 },
    is: { type: 'array', items: NUMBER, minItems: 2, maxItems: 10 },
    sent: [' minItems was 1, is 2', ' maxItems was 20, is 10'],
    answered: [],
  },
  {
    title: 'other items',
    was: { type: 'array', items: strict({ a: NUMBER }) },
    is: { type: 'array', items: strict({}) },
    sent: ['[].a is gone'],
    answered: ['[].a is gone'],
  },
  {
    title: 'a pattern',
    was: TEXT,
    is: { ...TEXT, pattern: '^a' },
    sent: [' pattern was not there, is ^a'],
    answered: [],
  },
  {
    title: 'another pattern',
    was: { ...TEXT, pattern: '^a' },
    is: { ...TEXT, pattern: '^b' },
    sent: [' pattern was ^a, is ^b'],
    answered: [' pattern was ^a, is ^b'],
  },
  {
    title: 'any text instead of a time',
    was: { ...TEXT, format: 'date-time' },
    is: TEXT,
    sent: [],
    answered: [' format was date-time, is not there'],
  },
  {
    title: 'one more form of a union',
    was: { oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type', 'x')] },
    is: {
      oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type', 'x'), fields({ type: { const: 'b' } }, 'type')],
    },
    sent: [],
    answered: [' may now be object with type b'],
  },
  {
    title: 'one form of a union less',
    was: {
      oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type', 'x'), fields({ type: { const: 'b' } }, 'type')],
    },
    is: { oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type', 'x')] },
    sent: [' no longer takes object with type b'],
    answered: [' is never object with type b any more'],
  },
  {
    title: 'one value less, within a field and within items',
    was: fields({ a: { type: 'array', items: fields({ b: { ...TEXT, enum: ['A', 'B'] } }) } }),
    is: fields({ a: { type: 'array', items: fields({ b: { const: 'B' } }) } }),
    sent: ['.a[].b no longer takes A'],
    answered: ['.a[].b is never A any more'],
  },
  {
    title: 'whole numbers instead of numbers',
    was: { type: 'number' },
    is: NUMBER,
    sent: [' was number, is integer'],
    answered: [],
  },
  {
    title: 'other fields of another type',
    was: { type: 'object', additionalProperties: NUMBER },
    is: { type: 'object', additionalProperties: TEXT },
    sent: ['.* no longer takes integer'],
    answered: ['.* may now be string', '.* is never integer any more'],
  },
  {
    title: 'other fields of one value less',
    was: { type: 'object', additionalProperties: { ...TEXT, enum: ['A', 'B'] } },
    is: { type: 'object', additionalProperties: { ...TEXT, enum: ['A'] } },
    sent: ['.* no longer takes B'],
    answered: ['.* is never B any more'],
  },
  {
    title: 'no other fields any more',
    was: { type: 'object', additionalProperties: NUMBER },
    is: strict({}),
    sent: ['.* is gone'],
    answered: ['.* is gone'],
  },
  {
    title: 'any other fields instead of certain ones',
    was: { type: 'object', additionalProperties: NUMBER },
    is: { type: 'object' },
    sent: [],
    answered: ['.* may now be anything'],
  },
  {
    title: 'certain other fields instead of any',
    was: { type: 'object', additionalProperties: true },
    is: { type: 'object', additionalProperties: NUMBER },
    sent: ['.* no longer takes anything'],
    answered: [],
  },
  {
    title: 'a field that is one of the other fields now',
    was: strict({ a: NUMBER }),
    is: { type: 'object', additionalProperties: NUMBER },
    sent: [],
    answered: ['.a is gone'],
  },
  {
    title: 'a field that does not fit the other fields it is one of now',
    was: strict({ a: TEXT }),
    is: { type: 'object', additionalProperties: NUMBER },
    sent: ['.a no longer takes string'],
    answered: ['.a is gone'],
  },
  {
    title: 'a form of a union that lost a field',
    was: {
      oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type'), fields({ type: { const: 'b' }, x: NUMBER }, 'type')],
    },
    is: { oneOf: [fields({ type: { const: 'a' }, x: NUMBER }, 'type'), fields({ type: { const: 'b' } }, 'type')] },
    sent: [],
    answered: ['.x is gone'],
  },
];

describe('a shape', () => {
  for (const { title, was, is, sent, answered } of ROWS) {
    test(`with ${title}: ${sent.length} breaks where it is sent, ${answered.length} where it is answered`, () => {
      expect(said(withProcedure({ input: was }), withProcedure({ input: is }))).toEqual(
        sent.map((what) => `breaks: do.it input${what}`),
      );
      expect(said(withProcedure({ output: was }), withProcedure({ output: is }))).toEqual(
        answered.map((what) => `breaks: do.it output${what}`),
      );
    });
  }

  test('that says the same values one by one has lost none of them', () => {
    const was: JsonSchema = { ...TEXT, enum: ['A', 'B', 'C'] };
    const is: JsonSchema = { anyOf: [{ const: 'A' }, { const: 'B' }] };
    expect(said(withProcedure({ output: was }), withProcedure({ output: is }))).toEqual([
      'breaks: do.it output is never C any more',
    ]);
  });

  test('is compared through its name, and a name alone is no change', () => {
    const referring = (name: string, shape: JsonSchema) =>
      withProcedure({ output: { $ref: `#/types/${name}` } }, { [name]: shape });
    const shape = fields({ a: NUMBER }, 'a');
    expect(said(referring('One', shape), referring('Two', shape))).toEqual([]);
    expect(said(referring('One', shape), referring('One', fields({})))).toEqual(['breaks: do.it output.a is gone']);
  });
});

describe('a procedure', () => {
  const rows: [title: string, before: Partial<ProcedureSurface>, after: Partial<ProcedureSurface>, said: string[]][] = [
    ['of another kind', { kind: 'query' }, { kind: 'list' }, ['breaks: do.it was a query, is a list']],
    ['for fewer callers', { callers: 'public' }, { callers: 'admin' }, ['breaks: do.it was for public, is for admin']],
    ['for others', { callers: 'customer' }, { callers: 'owner' }, ['adds: do.it was for customer, is for owner']],
    ['with one reason less', { reasons: ['A', 'B'] }, { reasons: ['B'] }, ['breaks: do.it no longer says A']],
    ['with one reason more', { reasons: ['A'] }, { reasons: ['A', 'B'] }, ['adds: do.it also says B']],
    [
      'that needs its input now',
      { input: strict({}), inputOptional: true },
      { input: strict({}), inputOptional: false },
      ['breaks: do.it input can no longer be left out'],
    ],
    ['that takes an input now', { input: null }, { input: strict({ a: TEXT }) }, []],
    [
      'that takes none any more',
      { input: strict({ a: TEXT }) },
      { input: null },
      ['breaks: do.it input is no longer taken'],
    ],
  ];
  for (const [title, before, after, expected] of rows) {
    test(title, () => expect(said(withProcedure(before), withProcedure(after))).toEqual(expected));
  }

  test('that is gone breaks its callers, one that is new does not', () => {
    expect(said(withProcedure({}), NOTHING)).toEqual(['breaks: do.it is gone']);
    expect(said(NOTHING, withProcedure({}))).toEqual(['adds: do.it is new']);
  });
});

describe('a reason', () => {
  const reason = { description: '', httpStatus: 409, retryable: false, details: { available: 'number' } };
  const withReason = (changed: Partial<typeof reason>): Surface => ({
    ...NOTHING,
    reasons: { SOLD_OUT: { ...reason, ...changed } },
  });
  const rows: [title: string, after: Surface, said: string[]][] = [
    ['that is gone', NOTHING, ['breaks: SOLD_OUT is gone']],
    ['with another status', withReason({ httpStatus: 404 }), ['breaks: SOLD_OUT httpStatus was 409, is 404']],
    ['that may be tried again now', withReason({ retryable: true }), ['breaks: SOLD_OUT retryable was false, is true']],
    [
      'with another value',
      withReason({ details: { available: 'string' } }),
      ['breaks: SOLD_OUT details available was number, is string'],
    ],
    ['with other words', withReason({ description: 'Gone.' }), []],
  ];
  for (const [title, after, expected] of rows) {
    test(title, () => expect(said(withReason({}), after)).toEqual(expected));
  }

  test('that every call may get is never taken back without a break', () => {
    const common = (...everyCall: string[]) => ({ ...NOTHING, commonReasons: { ...NOTHING.commonReasons, everyCall } });
    expect(said(common('A'), common('B'))).toEqual([
      'breaks: everyCall no longer says A',
      'adds: everyCall also says B',
    ]);
  });
});

test('an export that is gone or of another sort breaks whoever imports it', () => {
  const exporting = (names: Record<string, string>): Surface => ({ ...NOTHING, exports: { '@baguni/sdk': names } });
  expect(said(exporting({ a: 'type', b: 'function' }), exporting({ b: 'type', c: 'class' }))).toEqual([
    'breaks: @baguni/sdk a is gone',
    'breaks: @baguni/sdk b was a function, is a type',
    'adds: @baguni/sdk c is new',
  ]);
  expect(said(exporting({}), NOTHING)).toEqual(['breaks: @baguni/sdk is gone']);
});
