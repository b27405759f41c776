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
 * answered must be no surprise: the current output fits the released one, but for fields that are new, and still has
 * each value and each form that it had by name, because callers may have a case for it.
 */
export function breaksOf(released: Rooted, current: Rooted, place: Place): Break[] {
  const losses = place.direction === 'output' ? lossesOf(released, current, place.where) : [];
  return [...misfitsOf(released, current, place), ...losses];
}

/** Where one of the two shapes does not fit the other. */
function misfitsOf(released: Rooted, current: Rooted, place: Place): Break[] {
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

/** The values and forms that an answer had by name, and has no more. */
function lossesOf(released: Rooted, current: Rooted, where: string): Break[] {
  const after = variantsOf(current);
  const values = after.flatMap(({ schema }) => valuesOf(schema) ?? []);
  const plainTypes = new Set(after.filter(({ schema }) => !valuesOf(schema)).map(({ schema }) => kindOf(schema)));
  return variantsOf(released).flatMap((variant): Break[] => {
    const { schema } = variant;
    const type = kindOf(schema);
    const isAnything = type === undefined || plainTypes.has(undefined);
    const named = valuesOf(schema);
    if (named) {
      const lost = named.filter((value) => !values.includes(value));
      return isAnything || plainTypes.has(type) || lost.length === 0 ? [] : [neverAgain(where, list(lost))];
    }
    if (isAnything) return [];
    const alike = after.filter((other) => isLike(schema, other.schema));
    const [only, ...others] = alike;
    if (!only) return [neverAgain(where, name(variant))];
    // Of several alternatives nobody can tell which one it has become.
    return others.length > 0 ? [] : lossesWithin(variant, only, where);
  });
}

function lossesWithin(before: Rooted, after: Rooted, where: string): Break[] {
  const [was, is] = [before.schema, after.schema];
  const pairs: [where: string, was: JsonSchema | undefined, is: JsonSchema | undefined][] = [
    [`${where}[]`, was.items, is.items],
    [`${where}.*`, schemaOf(was.additionalProperties), schemaOf(is.additionalProperties)],
    ...Object.entries(was.properties ?? {}).map(([field, schema]): [string, JsonSchema, JsonSchema | undefined] => [
      `${where}.${field}`,
      schema,
      is.properties?.[field],
    ]),
  ];
  return pairs.flatMap(([at, one, other]) =>
    one && other ? lossesOf({ ...before, schema: one }, { ...after, schema: other }, at) : [],
  );
}

function neverAgain(where: string, what: string): Break {
  return { where, what: `is never ${what} any more` };
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
  if (kindOf(a) !== kindOf(b)) return false;
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
      ...misfitsOf(
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
    const other = direction === 'input' ? schemaOf(known.additionalProperties) : undefined;
    if (now) breaks.push(...misfitsOf({ ...before, schema }, { ...after, schema: now }, at));
    else if (direction === 'output' || known.additionalProperties === false) {
      breaks.push({ where: at.where, what: 'is gone' });
    } else if (other) breaks.push(...misfitsOf({ ...before, schema }, { ...after, schema: other }, at));
  }
  for (const field of known.required ?? []) {
    // A field that is gone was named above.
    if (given.required?.includes(field) || (direction === 'output' && !given.properties?.[field])) continue;
    breaks.push({ where: `${where}.${field}`, what: direction === 'input' ? 'is now required' : 'may now be missing' });
  }
  return [...breaks, ...breaksOfOtherFields(before, after, { direction, where })];
}

/** The fields that have no name in the schema, such as those of a record. */
function breaksOfOtherFields(before: Rooted, after: Rooted, { direction, where }: Place): Break[] {
  const was = before.schema.additionalProperties ?? true;
  const is = after.schema.additionalProperties ?? true;
  const others = schemaOf(was);
  const at = { direction, where: `${where}.*` };
  const breaks: Break[] = [];
  // What a field without a schema is answered, nobody relies on.
  if (was !== is && was !== false && (others || direction === 'input')) {
    if (is === false) breaks.push({ where: at.where, what: 'is gone' });
    else breaks.push(...misfitsOf({ ...before, schema: others ?? {} }, { ...after, schema: schemaOf(is) ?? {} }, at));
  }
  for (const [field, schema] of Object.entries(after.schema.properties ?? {})) {
    if (!others || before.schema.properties?.[field]) continue;
    const named = { direction, where: `${where}.${field}` };
    breaks.push(...misfitsOf({ ...before, schema: others }, { ...after, schema }, named));
  }
  return breaks;
}

function schemaOf(additional: JsonSchema['additionalProperties']): JsonSchema | undefined {
  return typeof additional === 'object' ? additional : undefined;
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

/** The type, with whole numbers among the numbers. */
function kindOf(schema: JsonSchema): string | undefined {
  const type = typeOf(schema);
  return type === 'integer' ? 'number' : type;
}

function name({ schema }: Rooted): string {
  const values = valuesOf(schema);
  if (values) return list(values);
  const tags = Object.entries(schema.properties ?? {}).flatMap(([field, { const: value }]) =>
    value === undefined ? [] : [`${field} ${value}`],
  );
  const type = typeOf(schema) ?? 'anything';
  return tags.length > 0 ? `${type} with ${tags.join(', ')}` : type;
}

function list(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

function changeOf(keyword: string, was: unknown, is: unknown): string {
  return `${keyword} was ${was ?? 'not there'}, is ${is ?? 'not there'}`;
}
