import type { KnownKey } from './row-key.ts';

type Row = Readonly<Record<string, unknown>>;

/** Finds rows by the values of any columns without going through all of them for each key. */
export class RowIndex<Found extends Row> {
  readonly #rows: readonly Found[];
  readonly #byColumns = new Map<string, Map<string, Found[]>>();

  constructor(rows: readonly Found[]) {
    this.#rows = rows;
  }

  matching(key: KnownKey): Found[] {
    const rows = this.#index([...key.keys()]);
    return keyTexts(key).flatMap((text) => rows.get(text) ?? []);
  }

  #index(columns: readonly string[]): Map<string, Found[]> {
    const name = columns.join();
    const known = this.#byColumns.get(name);
    if (known) return known;
    const index = Map.groupBy(this.#rows, (row) => columns.map((column) => String(row[column])).join('\u0000'));
    this.#byColumns.set(name, index);
    return index;
  }
}

/** The text of a key; where a column may have several values, one text for each of them. */
function keyTexts(key: KnownKey): string[] {
  const options = [...key.values()].map((values) => [...values].map(String));
  return options.reduce((texts, words) => texts.flatMap((text) => words.map((word) => `${text}\u0000${word}`)));
}
