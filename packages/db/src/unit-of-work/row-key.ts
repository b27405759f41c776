import type { EntityClass } from '@mikro-orm/core';
import type { Identified, KeyValue } from './rows.ts';

/** A field of rows that the same transaction asks for: its values are the key of other rows. */
export interface FieldOfRows {
  readonly field: string;
  readonly source: {
    readonly type: EntityClass<Identified>;
    readonly key: Key;
    readonly isLock: boolean;
    readonly rank: number;
    readonly isFetched: boolean;
    arrival(): Promise<void>;
  };
  values(): KeyValue[];
}

/** What a field is to be: one of the values that are named, or that other rows have. */
export type KeyParts = readonly (KeyValue | FieldOfRows)[];

/** What rows are looked up by: each named field is as wanted. */
export type Key = ReadonlyMap<string, KeyParts>;

/** The same with the values that the other rows have now. */
export type KnownKey = ReadonlyMap<string, readonly KeyValue[]>;

/** The fields of other rows that a key goes by. */
export function fieldsIn(key: Key): FieldOfRows[] {
  return [...key.values()].flatMap((wanted) => wanted.filter(isFieldOfRows));
}

export function knownKey(key: Key): KnownKey {
  return new Map([...key].map(([field, wanted]) => [field, knownValues(wanted)]));
}

/** The values that are named, or that other rows have now. */
export function knownValues(wanted: KeyParts): KeyValue[] {
  return wanted.flatMap((part) => (isFieldOfRows(part) ? part.values() : [part]));
}

/** Whether a row is one that the key asks for. */
export function matches(row: Readonly<Record<string, unknown>>, key: KnownKey): boolean {
  return [...key].every(([field, values]) => values.some((value) => value === row[field]));
}

/** Whether a key asks for nothing that another one over the same fields did not ask for. */
export function asksForNoMore(key: KnownKey, than: KnownKey): boolean {
  return [...key].every(([field, values]) => values.every((value) => than.get(field)?.includes(value)));
}

export function isFieldOfRows(part: KeyValue | FieldOfRows): part is FieldOfRows {
  return typeof part === 'object' && part !== null;
}
