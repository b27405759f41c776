import { z } from 'zod';
import type { JsonSchema } from '../surface.ts';
import type { Operation } from './operations.ts';

type Fields = Readonly<Record<string, JsonSchema>>;

const fieldsOfInputs = new Map<string, Fields>();

/** The fields that an operation takes, path and query included. Made when they are first needed. */
export function fieldsOf({ id, input }: Operation): Fields {
  const known = fieldsOfInputs.get(id);
  if (known) return known;
  // What JSON cannot show, such as a function, is described by nothing instead of failing.
  const schema: object = input ? z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }) : {};
  const { properties = {} }: JsonSchema = schema;
  fieldsOfInputs.set(id, properties);
  return properties;
}
