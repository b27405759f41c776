import { InvalidArgumentError, Option } from 'commander';
import { type JsonSchema, resolved } from './surface.ts';

/** A field of an input, as the command line takes it. */
export interface Field {
  /** Its name in the API, such as `expiresAt`. */
  readonly name: string;
  /** Its name on the command line, such as `--expires-at`. */
  readonly flag: string;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** The fields of an input, those first that must be there. */
export function fieldsOf(input: JsonSchema | null): Field[] {
  const { properties = {}, required = [] } = input ? resolved(input) : {};
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    flag: flagOf(name),
    isRequired: required.includes(name),
    schema: resolved(schema),
  }));
  return [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)];
}

/** Stands for `null` among the options, where commander takes `null` for an option without a value. */
export const NULL = Symbol('null');

export function optionOf({ flag, schema, isRequired }: Field): Option {
  const plain = plainOf(schema);
  const isList = plain.type === 'array' && isPlainText(resolved(plain.items ?? {}));
  const placeholder = isList ? `${placeholderOf(resolved(plain.items ?? {}))}...` : placeholderOf(plain);
  const description = [schema.description, isRequired ? '(required)' : undefined].filter(Boolean).join(' ');
  const option = new Option(`${flag} <${placeholder}>`, description);
  if (isList) return option.argParser(listParser(resolved(plain.items ?? {})));
  return option.argParser((text: string) => parseValue(text, schema) ?? NULL);
}

/** What a text on the command line stands for. Whether it is one that the shop takes, the shop says. */
export function parseValue(text: string, schema: JsonSchema): unknown {
  const plain = plainOf(schema);
  if (plain !== schema && text === 'null') return null;
  if (plain.enum && !plain.enum.some((value) => value === text)) {
    throw new InvalidArgumentError(`It is one of ${plain.enum.join(', ')}.`);
  }
  switch (plain.type) {
    case 'integer':
    case 'number':
      return numberOf(text);
    case 'boolean':
      return booleanOf(text);
    case 'array':
    case 'object':
      return jsonOf(text);
    default:
      return text;
  }
}

/** A whole input as JSON. */
export function inputOf(text: string): object {
  const input = jsonOf(text);
  if (input instanceof Object && !Array.isArray(input)) return input;
  throw new InvalidArgumentError('It must be a JSON object.');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON.');
  }
}

// `--types a b` and `--types a --types b` are the same.
function listParser(item: JsonSchema) {
  return (text: string, before: unknown): unknown[] => [
    ...(Array.isArray(before) ? before : []),
    parseValue(text, item),
  ];
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function booleanOf(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('It is true or false.');
  return text === 'true';
}

/** The schema without its `null`. */
function plainOf(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.type)) {
    const type = schema.type.find((each: string) => each !== 'null');
    return { ...schema, type };
  }
  const other = schema.anyOf?.find(({ type }) => type !== 'null');
  return other ? resolved(other) : schema;
}

function isPlainText({ type }: JsonSchema): boolean {
  return type === 'string' || type === 'integer' || type === 'number';
}

function placeholderOf({ type, format, enum: values }: JsonSchema): string {
  if (values) return values.join('|');
  if (format === 'date-time') return 'time';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'true|false';
  return type === 'array' || type === 'object' ? 'json' : 'text';
}

/** A field that is called like an option of the program itself is told from it: `--input-url`. */
export function flagOf(name: string): string {
  return PROGRAM_OPTIONS.has(name) ? `--input-${name}` : `--${kebabOf(name)}`;
}

const PROGRAM_OPTIONS = new Set(['url', 'key', 'json', 'input', 'limit', 'all', 'help', 'version']);

export function kebabOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
