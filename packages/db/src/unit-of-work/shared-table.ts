import { quoted } from '../engines/statement.ts';
import type { Column } from './entity-columns.ts';

type SqlRow = Readonly<Record<string, unknown>>;

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

  /** A kind's rows of those that were read, by the names of their columns. */
  rowsOf(kind: number, rows: readonly SqlRow[]): Record<string, unknown>[] {
    const columns = [...(this.#kinds[kind] ?? [])];
    return rows
      .filter((row) => Number(row.kind) === kind)
      .map((row) => Object.fromEntries(columns.map(([place, column]) => [column.name, row[place.name]])));
  }
}

interface Place {
  readonly name: string;
  readonly type: string;
}
