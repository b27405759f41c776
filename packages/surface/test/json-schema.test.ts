import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf } from '../src/json-schema.ts';

test('what the values of a record are is kept, and an object may still get new fields where it is answered', () => {
  const record = z.strictObject({ stocks: z.record(z.string(), z.int()) });
  const stocks = { type: 'object', additionalProperties: { type: 'integer' } };
  const written = { type: 'object', properties: { stocks }, required: ['stocks'] };
  expect(jsonSchemaOf(record, 'output')).toEqual(written);
  expect(jsonSchemaOf(record, 'input')).toEqual({ ...written, additionalProperties: false });
});

test('a record whose keys are not just any text is refused, because nothing compares them', () => {
  expect(() => jsonSchemaOf(z.record(z.enum(['a', 'b']), z.int()), 'output')).toThrow('propertyNames');
});
