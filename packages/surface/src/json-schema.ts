import type { JsonSchema } from '@baguni/api';
import { z } from 'zod';

/** What a caller may send (`input`) or is answered (`output`), as plain JSON would hold it. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      // Every whole number is a safe one; to say so each time would only hide the bounds that mean something.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // An answer may get new fields; only what is sent must be known.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The names of fields are texts in any case.
      if (isAnyText(jsonSchema.propertyNames)) delete jsonSchema.propertyNames;
      // The type of a constant is seen from the constant.
      if (jsonSchema.const !== undefined) delete jsonSchema.type;
    },
  });
  return known(written);
}

function isAnyText(schema: unknown): boolean {
  return JSON.stringify(schema) === '{"type":"string"}';
}

const KEYWORDS = new Set([
  '$ref',
  'description',
  'type',
  'format',
  'const',
  'enum',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'items',
  'minItems',
  'maxItems',
  'properties',
  'required',
  'additionalProperties',
  'anyOf',
  'oneOf',
]);

/** Fails where zod writes a word that the comparison would pass over. */
function known(written: object): JsonSchema {
  for (const [keyword, value] of Object.entries(written)) {
    if (!KEYWORDS.has(keyword)) throw new Error(`The comparison of surfaces does not know ${keyword} yet.`);
    const inner = keyword === 'properties' ? Object.values(value) : [value].flat();
    for (const schema of inner) if (schema instanceof Object && keyword !== 'enum') known(schema);
  }
  return written;
}
