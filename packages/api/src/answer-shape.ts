import { z } from 'zod';

/** An answer that is what its procedure declares. */
export interface CheckedAnswer {
  readonly data: unknown;
  /** The places of its Dates, if all else in it is plain JSON and no two of them are one; else nobody has looked. */
  readonly dates: readonly string[] | undefined;
}

/**
 * Checks the answers of a procedure by the shape that it declares, so that nothing undeclared leaves. zod copies what it
 * checks, field by field. Most answers are plain JSON with a few Dates and have their fields in the order of the shape:
 * such a one is looked over once and stays as it is. Of any other, good or bad, zod makes what it makes.
 */
export function answerCheckOf(shape: z.ZodType): (answer: unknown) => CheckedAnswer {
  const look = lookFor(shape);
  return (answer) => {
    const dates = new Dates();
    if (look?.(answer, '', '', dates) && dates.areDistinct) return { data: answer, dates: dates.places };
    return { data: shape.parse(answer), dates: undefined };
  };
}

class Dates {
  readonly places: string[] = [];
  readonly #dates: Date[] = [];

  add(date: Date, place: string): void {
    this.places.push(place);
    this.#dates.push(date);
  }

  get areDistinct(): boolean {
    return this.#dates.length < 2 || new Set(this.#dates).size === this.#dates.length;
  }
}

/**
 * Whether a value is of a shape and would be the same after zod. Notes where its Dates are. Its place is told in two parts,
 * because only Dates need to know theirs: what it is in, with a point at the end, and its key there.
 */
type Look = (value: unknown, outer: string, key: string | number, dates: Dates) => boolean;

/** `undefined` for a shape of which only zod knows what fits it. */
function lookFor(shape: unknown): Look | undefined {
  if (!(shape instanceof z.ZodType) || shape.def.checks?.length) return undefined;
  if (shape instanceof z.ZodObject) return lookForObject(shape);
  if (shape instanceof z.ZodArray) return lookForArray(shape);
  if (shape instanceof z.ZodNullable) return lookForNullable(shape);
  if (shape instanceof z.ZodDate) return isDate;
  if (shape instanceof z.ZodString) return isString;
  if (shape instanceof z.ZodBoolean) return isBoolean;
  if (shape instanceof z.ZodNumberFormat && shape.format === 'safeint') return isInteger;
  if (shape instanceof z.ZodEnum) return isOneOf(shape.options);
  if (shape instanceof z.ZodLiteral) return isOneOf([...shape.values]);
  return undefined;
}

/** Names that stand in a place as they are. Those that look like numbers would change the order of the fields. */
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

function lookForObject({ shape, def }: z.ZodObject): Look | undefined {
  const keys = Object.keys(shape);
  const looks = Object.values(shape).flatMap((each) => lookFor(each) ?? []);
  const isKnown = looks.length === keys.length && def.catchall instanceof z.ZodNever;
  if (!isKnown || !keys.every((key) => PLAIN_KEY.test(key)) || keys.includes('__proto__')) return undefined;
  return (value, outer, key, dates) => {
    if (!isPlainObject(value)) return false;
    const inner = within(outer, key);
    let index = 0;
    for (const field in value) {
      if (field !== keys[index] || !looks[index]?.(value[field], inner, field, dates)) return false;
      index++;
    }
    return index === keys.length;
  };
}

function lookForArray({ element }: z.ZodArray): Look | undefined {
  const look = lookFor(element);
  return (
    look &&
    ((value, outer, key, dates) => {
      if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
      const inner = within(outer, key);
      for (let index = 0; index < value.length; index++) {
        if (!look(value[index], inner, index, dates)) return false;
      }
      return true;
    })
  );
}

function lookForNullable(shape: z.ZodNullable): Look | undefined {
  const look = lookFor(shape.unwrap());
  return look && ((value, outer, key, dates) => value === null || look(value, outer, key, dates));
}

function within(outer: string, key: string | number): string {
  return key === '' ? outer : `${outer}${key}.`;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const isDate: Look = (value, outer, key, dates) => {
  // superjson has another form for a Date that is an answer or in an array by itself.
  if (!(value instanceof Date) || typeof key === 'number' || key === '') return false;
  if (Object.getPrototypeOf(value) !== Date.prototype || Number.isNaN(value.getTime())) return false;
  dates.add(value, outer + key);
  return true;
};

const isString: Look = (value) => typeof value === 'string';

const isBoolean: Look = (value) => typeof value === 'boolean';

const isInteger: Look = (value) => Number.isSafeInteger(value) && !Object.is(value, -0);

function isOneOf(values: readonly unknown[]): Look | undefined {
  const known = new Set(values);
  return values.every((value) => typeof value === 'string') ? (value) => known.has(value) : undefined;
}
