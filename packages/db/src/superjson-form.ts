import superjson, { type SuperJSONResult } from 'superjson';

/**
 * How answers are written, to their callers and beside their keys: superjson's form, byte for byte, so that a Date arrives
 * as a Date. superjson copies a value and notes what it saw. Our answers are plain JSON with a few Dates, which are written
 * as they are, and of which only the places need noting. What is anything else, superjson writes itself.
 */
export const superjsonForm = {
  serialize: (value: unknown): PlainForm | SuperJSONResult => serializePlain(value) ?? superjson.serialize(value),
  deserialize: (value: SuperJSONResult): unknown => superjson.deserialize(value),
  /** What is written of plain JSON with these places of Dates, no two of which are one. */
  textOf(value: unknown, dates: readonly string[]): string {
    const json = JSON.stringify(value);
    if (dates.length === 0) return `{"json":${json}}`;
    return `{"json":${json},"meta":{"values":{"${dates.join(DATE_THEN)}":["Date"]},"v":1}}`;
  },
};

const DATE_THEN = '":["Date"],"';

const DATE = ['Date'] as const;

interface PlainForm {
  readonly json: unknown;
  readonly meta?: {
    /** The places of the Dates. */
    readonly values: Readonly<Record<string, typeof DATE>>;
    /** Of a Date that is at several places, the first of them with the others. */
    readonly referentialEqualities?: Readonly<Record<string, readonly string[]>>;
    /** The version of this way to name places. */
    readonly v: 1;
  };
}

/** The form of a value that JSON.stringify writes as superjson would; `undefined` of any other. */
function serializePlain(json: unknown): PlainForm | undefined {
  const dates = new Dates();
  if (json instanceof Date || !isPlain(json, '', dates, new Set())) return undefined;
  if (dates.places.length === 0) return { json };
  const equalities = dates.equalities();
  return {
    json,
    meta: {
      values: Object.fromEntries(dates.places.map((place) => [place, DATE])),
      ...(equalities.length > 0 && { referentialEqualities: Object.fromEntries(equalities) }),
      v: 1,
    },
  };
}

/** Where the Dates of a value are. */
class Dates {
  readonly places: string[] = [];
  readonly #placesOf = new Map<Date, string[]>();

  add(date: Date, place: string): void {
    this.places.push(place);
    const known = this.#placesOf.get(date);
    if (known) known.push(place);
    else this.#placesOf.set(date, [place]);
  }

  /** The outermost place of each Date that is at several places, and its other places. */
  equalities(): [string, string[]][] {
    return [...this.#placesOf.values()]
      .filter(({ length }) => length > 1)
      .map((places) => places.sort((a, b) => depthOf(a) - depthOf(b)))
      .flatMap(([first, ...others]) => (first === undefined ? [] : [[first, others]]));
  }
}

function depthOf(place: string): number {
  return place.split('.').length;
}

/** Whether JSON has a form for the value. Notes where its Dates are. */
function isPlain(value: unknown, place: string, dates: Dates, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      if (value === null) return true;
      // A view shows the moment of a change in several places.
      if (value instanceof Date) return isPlainDate(value, place, dates);
      // superjson tells the client of two places that hold one object.
      if (seen.has(value)) return false;
      seen.add(value);
      if (Array.isArray(value)) return isPlainArray(value, place, dates, seen);
      return isPlainObject(value, place, dates, seen);
    default:
      return false;
  }
}

function isPlainDate(date: Date, place: string, dates: Dates): boolean {
  if (Number.isNaN(date.getTime()) || Object.getPrototypeOf(date) !== Date.prototype) return false;
  dates.add(date, place);
  return true;
}

function isPlainArray(items: unknown[], place: string, dates: Dates, seen: Set<object>): boolean {
  if (Object.getPrototypeOf(items) !== Array.prototype) return false;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item instanceof Date || !isPlain(item, inside(place, String(index)), dates, seen)) return false;
  }
  return true;
}

function isPlainObject(object: object, place: string, dates: Dates, seen: Set<object>): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const [key, value] of Object.entries(object)) {
    const isPlainValue = typeof value !== 'object' || value === null || PLAIN_KEY.test(key);
    if (!isPlainValue || REFUSED_KEYS.has(key) || !isPlain(value, inside(place, key), dates, seen)) return false;
  }
  return true;
}

// Other keys are escaped in a place, and those that look like numbers change the order of the places.
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Keys that superjson refuses to write. */
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function inside(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}
