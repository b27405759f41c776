import type { DataTag, QueryFilters } from '@tanstack/react-query';
import type { CallError } from './errors.ts';

/** Where a procedure is: `['products', 'list']`; or its namespace alone, or nothing for all of them. */
export type Path = readonly string[];

/** The key of everything under a path, mutations included. */
export type PathKey = readonly [path?: Path];

/** The key of a query: its path, and what it was asked for. They are the keys that `@trpc/tanstack-react-query` makes. */
export type QueryKey = readonly [path: Path, call: { readonly input?: unknown; readonly type: 'query' | 'infinite' }];

/** A key that knows what is kept under it, so that `queryClient.getQueryData(key)` and its like are typed. */
export type KeyOf<Data> = DataTag<QueryKey, Data, CallError>;

/** Which queries are meant, besides by their key. */
export type Filters = Omit<QueryFilters, 'queryKey'>;

/** What queries are found by: `queryClient.invalidateQueries(filter)`. */
export interface PathFilter extends Filters {
  queryKey: PathKey;
}

/** What the queries of one procedure are found by. */
export interface QueryFilter<Data> extends Filters {
  queryKey: KeyOf<Data>;
}

/** What a namespace, a procedure and the whole shop have: the key of all that is under them. */
export interface PathKeys {
  /** The key of every query and mutation under this path. */
  pathKey(): PathKey;
  /** Finds every query under this path: `queryClient.invalidateQueries(baguni.cart.pathFilter())`. */
  pathFilter(filters?: Filters): PathFilter;
}

export function pathKeysOf(path: Path): PathKeys {
  const pathKey = (): PathKey => (path.length > 0 ? [path] : []);
  return { pathKey, pathFilter: (filters) => ({ ...filters, queryKey: pathKey() }) };
}

export function queryKeyOf(path: Path, type: 'query' | 'infinite', input: unknown): QueryKey {
  return [path, { ...(input !== undefined && { input }), type }];
}
