import { quoted } from './engines/statement.ts';

interface Column {
  readonly name: string;
  readonly type: string;
}

/** The place of a column of each kind that has one there. */
interface Place {
  readonly name: string;
  readonly type: string;
}

/**
 * A table for rows of several kinds, so that one statement reads them all. Columns of one type share a place in it,
 * whatever they are called, so that it is hardly wider than the widest kind.
 */
export class SharedTable {
  readonly #places: Place[] = [];
  /** For each kind, the column that has each place. */
  readonly #kinds: readonly ReadonlyMap<Place, Column>[];

  constructor(kinds: readonly (readonly Column[])[]) {
    this.#kinds = kinds.map((columns) => {
      const free = new Set(this.#places);
      return new Map(columns.map((column) => [this.#takePlace(column, free), column]));
    });
  }

  #takePlace({ type }: Column, free: Set<Place>): Place {
    const found = [...free].find((place) => place.type === type);
    if (found) {
      free.delete(found);
      return found;
    }
    const added = { name: `place_${this.#places.length}`, type };
    this.#places.push(added);
    return added;
  }

  /** What a SELECT of a kind's rows says before its FROM. */
  selectionOf(kind: number): string {
    const columns = this.#kinds[kind];
    const places = this.#places.map((place) => {
      const column = columns?.get(place);
      return `${column ? quoted(column.name) : `cast(null as ${place.type})`} as ${place.name}`;
    });
    return `select ${kind} as kind, ${places.join()}`;
  }

  /** The rows that were read, by kind, with the names of their columns. */
  rowsByKind(rows: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown>[][] {
    const kinds = this.#kinds.map((columns) => ({
      columns: [...columns].map(([place, { name }]) => ({ place: place.name, name })),
      rows: [] as Record<string, unknown>[],
    }));
    for (const row of rows) {
      const kind = kinds[Number(row.kind)];
      const own: Record<string, unknown> = {};
      for (const { place, name } of kind?.columns ?? []) own[name] = row[place];
      kind?.rows.push(own);
    }
    return kinds.map((kind) => kind.rows);
  }
}
