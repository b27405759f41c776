import type { EntityMetadata } from '@mikro-orm/core';
import type { GivenColumn } from '../engines/engine.ts';

/** A column of an entity's table. */
export interface Column extends GivenColumn {
  readonly name: string;
}

const columnsByEntity = new WeakMap<object, readonly Column[]>();

/** The columns of an entity's table, in one order. */
export function columnsOf<Entity>(meta: EntityMetadata<Entity>): readonly Column[] {
  const known = columnsByEntity.get(meta);
  if (known) return known;
  const columns = meta.comparableProps.map(({ name, fieldNames, columnTypes: [type = 'text'] }) => {
    const field = String(name);
    return { field, name: fieldNames[0] ?? field, type };
  });
  columnsByEntity.set(meta, columns);
  return columns;
}
