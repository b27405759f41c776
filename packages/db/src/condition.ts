import type { Engine } from './engines/engine.ts';
import { quoted } from './engines/statement.ts';

/** A part of a statement, with a `?` for each value. */
export interface Condition {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A column as a condition needs to know it. */
interface Column {
  readonly name: string;
  readonly type: string;
  /** What an enumeration may hold. */
  readonly words: readonly (string | number)[];
}

/** The rows in which a column is null. */
export function isNull({ name }: Column): Condition {
  return { text: `${quoted(name)} is null`, values: [] };
}

/**
 * The rows in which a column holds a word of its enumeration; `undefined` for what is none. The word stands in the
 * statement itself: only so does the database see that it may use a partial index.
 */
export function isWord({ name, words }: Column, wanted: unknown): Condition | undefined {
  const word = words.find((known) => known === wanted);
  return word === undefined ? undefined : { text: `${quoted(name)} = '${word}'`, values: [] };
}

/** The rows in which a column holds a value. A plan for any value is as good as one for this, so it is made but once. */
export function isValue({ name }: Column, wanted: string | number): Condition {
  return { text: `${quoted(name)} = ?`, values: [wanted] };
}

/** The rows in which a column holds one of the values, or one of those that are selected. */
export function isOneOf(
  { name, type }: Column,
  wanted: readonly (string | number)[],
  engine: Engine,
  selections: readonly Condition[] = [],
): Condition {
  const selected = selections.map(({ text }) => text);
  const { text, value } = engine.isOneOf(quoted(name), wanted, { type, selected });
  return { text, values: [...selections.flatMap(({ values }) => values), value] };
}
