import { z } from 'zod';
import type { Operation } from './operations.ts';

/** A JSON Schema. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The fields of an object, by name. */
export function propertiesOf({ properties = {} }: JsonSchema): Record<string, JsonSchema> {
  const described = Object.entries(properties).filter(
    (entry): entry is [string, JsonSchema] => entry[1] instanceof Object,
  );
  return Object.fromEntries(described);
}

const SETTINGS = {
  // What JSON cannot show, such as a function, is described by nothing instead of failing.
  unrepresentable: 'any',
  override({ zodSchema, jsonSchema }) {
    if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    // Every whole number has these bounds, and they tell nobody anything.
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
} as const satisfies Parameters<typeof z.toJSONSchema>[1];

const inputSchemas = new Map<string, JsonSchema>();

/** What an operation takes, path and query included. Made when it is first needed. */
export function inputSchemaOf({ id, input }: Operation): JsonSchema {
  const known = inputSchemas.get(id);
  if (known) return known;
  const { $schema, ...schema }: JsonSchema = input ? z.toJSONSchema(input, { ...SETTINGS, io: 'input' }) : {};
  inputSchemas.set(id, schema);
  return schema;
}

/** These schemas of answers by their names, each of which refers to the others by name. */
export function outputSchemas(named: Readonly<Record<string, z.ZodType>>): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    ...SETTINGS,
    override(context) {
      SETTINGS.override(context);
      // An answer may get more fields later, and readers should not mind.
      delete context.jsonSchema.additionalProperties;
    },
    io: 'output',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]): [string, JsonSchema] => [id, schema]),
  );
}
