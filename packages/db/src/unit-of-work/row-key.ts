import type { EntityClass } from '@mikro-orm/core';
import type { Identified, KeyValue } from './rows.ts';

/** A field of rows that the same transaction asks for: its values are the key of other rows. */
export interface FieldOfRows {
  readonly field: string;
  readonly source: Source;
  values(): KeyValue[];
}

/** Rows that other rows are looked up by. */
export interface Source {
  readonly type: EntityClass<Identified>;
  readonly key: Key;
  readonly isLock: boolean;
  readonly rank: number;
  readonly isFetched: boolean;
  arrival(): Promise<void>;
}

/** What a field is to be: one of the values that are named, or that other rows have. */
export type KeyParts = readonly (KeyValue | FieldOfRows)[];

/** What rows are looked up by: each named field is one of its parts. */
export type Key = ReadonlyMap<string, KeyParts>;

/** The same with the values that the other rows have now. */
export type KnownKey = ReadonlyMap<string, ReadonlySet<unknown>>;

/** The fields of other rows that a key goes by. */
export function fieldsIn(key: Key): FieldOfRows[] {
  return [...key.values()].flatMap((parts) => parts.filter(isFieldOfRows));
}

export function knownKey(key: Key): KnownKey {
  return new Map([...key].map(([field, parts]) => [field, new Set(knownValues(parts))]));
}

/** The values that are named, or that other rows have now. */
export function knownValues(parts: KeyParts): KeyValue[] {
  return parts.flatMap((part) => (isFieldOfRows(part) ? part.values() : [part]));
}

/** Whether a row is one that the key asks for. */
export function matches(row: Readonly<Record<string, unknown>>, key: KnownKey): boolean {
  for (const [field, values] of key) if (!values.has(row[field])) return false;
  return true;
}

/** Whether two keys over the same fields ask for the same. */
export function isSameKey(key: KnownKey, other: KnownKey): boolean {
  return [...key].every(([field, values]) => {
    const others = other.get(field);
    return others?.size === values.size && [...values].every((value) => others.has(value));
  });
}

export function isFieldOfRows(part: KeyValue | FieldOfRows): part is FieldOfRows {
  return typeof part === 'object' && part !== null;
}
