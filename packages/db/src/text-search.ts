import { raw } from '@mikro-orm/core';

// An escape character of our own: Postgres has one unless told otherwise, SQLite has none.
export const ESCAPE = '!';

/** The part of a `where` that wants a column's text to hold the given one, whatever characters are in it. */
export function textContains(column: string, text: string) {
  return { [raw((alias) => `${alias}.${column} like ? escape '${ESCAPE}'`, [likeAnywhere(text)])]: [] };
}

/** The pattern of text that holds the given one. */
export function likeAnywhere(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, (character) => ESCAPE + character)}%`;
}

/** The part of a `where` that wants a column's text to begin with the given one, in the same case. */
export function textBeginsWith(column: string, text: string) {
  // LIKE goes by case on Postgres and not on SQLite.
  return { [raw((alias) => `substr(${alias}.${column}, 1, ?) = ?`, [[...text].length, text])]: [] };
}
