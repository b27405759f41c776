import type { JsonSchema } from '@baguni/api';

/** A schema with the named shapes that it may refer to. */
interface Rooted {
  readonly schema: JsonSchema;
  readonly types: Readonly<Record<string, JsonSchema>>;
}

interface Place {
  /** Whose the values are: a caller's, or the server's. */
  readonly direction: 'input' | 'output';
  readonly where: string;
}

interface Break {
  readonly where: string;
  readonly what: string;
}

/**
 * How a shape breaks callers. What they sent must still be taken: the released input fits the current one. What they are
 * answered must be no surprise: the current output fits the released one, but for fields that are new.
 */
export function breaksOf(released: Rooted, current: Rooted, place: Place): Break[] {
  const before = variantsOf(released);
  const after = variantsOf(current);
  const [given, known] = place.direction === 'input' ? [before, after] : [after, before];
  return given.flatMap((variant) => {
    const breaks = known.map((other) => {
      const [was, is] = place.direction === 'input' ? [variant, other] : [other, variant];
      return { breaks: breaksOfVariant(was, is, place), isLike: isLike(variant.schema, other.schema) };
    });
    if (breaks.some((each) => each.breaks.length === 0)) return [];
    const like = breaks.find((each) => each.isLike);
    if (like) return like.breaks;
    const what = place.direction === 'input' ? `no longer takes ${name(variant)}` : `may now be ${name(variant)}`;
    return [{ where: place.where, what }];
  });
}

/** The alternatives of a schema, each of one type. */
function variantsOf({ schema, types }: Rooted): Rooted[] {
  const { $ref, anyOf, oneOf, type } = schema;
  if ($ref !== undefined) {
    const target = types[$ref.replace('#/types/', '')];
    if (!target) throw new Error(`The surface has no ${$ref}.`);
    return variantsOf({ schema: target, types });
  }
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return alternatives.flatMap((each) => variantsOf({ schema: each, types }));
  if (Array.isArray(type)) return type.map((each: string) => ({ schema: { ...schema, type: each }, types }));
  return [{ schema, types }];
}

/** Whether two alternatives are meant for the same values, so that their difference is one inside of them. */
function isLike(a: JsonSchema, b: JsonSchema): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  return Object.entries(a.properties ?? {}).every(([name, { const: value }]) => {
    const other = b.properties?.[name]?.const;
    return value === undefined || other === undefined || value === other;
  });
}

function breaksOfVariant(before: Rooted, after: Rooted, { direction, where }: Place): Break[] {
  const [given, known] = direction === 'input' ? [before.schema, after.schema] : [after.schema, before.schema];
  const was = before.schema;
  const is = after.schema;
  const type = typeOf(known);
  if (type !== undefined && typeOf(given) !== type && !(typeOf(given) === 'integer' && type === 'number')) {
    return [{ where, what: `was ${name(before)}, is ${name(after)}` }];
  }
  const breaks: Break[] = [];
  const say = (what: string) => breaks.push({ where, what });

  const knownValues = valuesOf(known);
  if (knownValues) {
    const others = valuesOf(given)?.filter((value) => !knownValues.includes(value));
    if (!others) say(direction === 'input' ? `takes only ${list(knownValues)}` : 'may now be any value');
    else if (others.length > 0) say(`${direction === 'input' ? 'no longer takes' : 'may now be'} ${list(others)}`);
  }
  for (const { keyword, boundOf, isWithin } of BOUNDS) {
    const [of, limit] = [boundOf(given), boundOf(known)];
    if (limit === undefined || valuesOf(given)) continue;
    if (of === undefined || !isWithin(of, limit)) say(changeOf(keyword, boundOf(was), boundOf(is)));
  }
  for (const keyword of ['pattern', 'format'] as const) {
    if (known[keyword] !== undefined && known[keyword] !== given[keyword]) {
      say(changeOf(keyword, was[keyword], is[keyword]));
    }
  }
  if (known.items) {
    breaks.push(
      ...breaksOf(
        { schema: was.items ?? {}, types: before.types },
        { schema: is.items ?? {}, types: after.types },
        { direction, where: `${where}[]` },
      ),
    );
  }
  return [...breaks, ...breaksOfFields(before, after, { direction, where })];
}

function breaksOfFields(before: Rooted, after: Rooted, { direction, where }: Place): Break[] {
  const [given, known] = direction === 'input' ? [before.schema, after.schema] : [after.schema, before.schema];
  const breaks: Break[] = [];
  for (const [field, schema] of Object.entries(before.schema.properties ?? {})) {
    const now = after.schema.properties?.[field];
    const at = { direction, where: `${where}.${field}` };
    if (now) breaks.push(...breaksOf({ ...before, schema }, { ...after, schema: now }, at));
    else if (direction === 'output' || known.additionalProperties === false) {
      breaks.push({ where: at.where, what: 'is gone' });
    }
  }
  for (const field of known.required ?? []) {
    // A field that is gone was named above.
    if (given.required?.includes(field) || (direction === 'output' && !given.properties?.[field])) continue;
    breaks.push({ where: `${where}.${field}`, what: direction === 'input' ? 'is now required' : 'may now be missing' });
  }
  return breaks;
}

interface Bound {
  readonly keyword: string;
  readonly boundOf: (schema: JsonSchema) => number | undefined;
  readonly isWithin: (bound: number, limit: number) => boolean;
}

const isAtLeast = (bound: number, limit: number) => bound >= limit;
const isAtMost = (bound: number, limit: number) => bound <= limit;

const BOUNDS: readonly Bound[] = [
  { keyword: 'minimum', boundOf: minimumOf, isWithin: isAtLeast },
  { keyword: 'maximum', boundOf: ({ maximum }) => maximum, isWithin: isAtMost },
  { keyword: 'minLength', boundOf: ({ minLength }) => minLength, isWithin: isAtLeast },
  { keyword: 'maxLength', boundOf: ({ maxLength }) => maxLength, isWithin: isAtMost },
  { keyword: 'minItems', boundOf: ({ minItems }) => minItems, isWithin: isAtLeast },
  { keyword: 'maxItems', boundOf: ({ maxItems }) => maxItems, isWithin: isAtMost },
];

/** Our numbers are whole: more than 0 is at least 1. */
function minimumOf({ minimum, exclusiveMinimum }: JsonSchema): number | undefined {
  return exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function typeOf(schema: JsonSchema): string | undefined {
  if (schema.const !== undefined) return schema.const === null ? 'null' : typeof schema.const;
  return typeof schema.type === 'string' ? schema.type : undefined;
}

function name({ schema }: Rooted): string {
  const values = valuesOf(schema);
  return values ? list(values) : (typeOf(schema) ?? 'anything');
}

function list(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

function changeOf(keyword: string, was: unknown, is: unknown): string {
  return `${keyword} was ${was ?? 'not there'}, is ${is ?? 'not there'}`;
}
