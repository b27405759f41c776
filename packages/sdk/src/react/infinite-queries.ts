import {
  type InfiniteData,
  type SkipToken,
  skipToken,
  type UndefinedInitialDataInfiniteOptions,
  type UnusedSkipTokenInfiniteOptions,
} from '@tanstack/react-query';
import type { Page } from '../lists.ts';
import type { CallError } from './errors.ts';
import { type Filters, type KeyOf, type Path, type QueryFilter, type QueryKey, queryKeyOf } from './keys.ts';
import type { Arguments, Ask } from './queries.ts';

/** Where a page begins; `undefined` for the first. */
type Cursor = string | undefined;

/** All pages of a list that were asked for. */
export type Pages<Item> = InfiniteData<Page<Item>, Cursor>;

/** What the procedure and its input decide, and no option may. A list is read in one direction, from page to page. */
type Decided =
  | 'queryKey'
  | 'queryFn'
  | 'queryHashFn'
  | 'initialPageParam'
  | 'getNextPageParam'
  | 'getPreviousPageParam';

/** A list that is read page after page, for the hooks of React Query. */
export interface InfiniteQuery<Input, Item> {
  /** The key under which the pages are kept. */
  infiniteQueryKey(input?: Input): KeyOf<Pages<Item>>;
  /** Finds the pages that were asked for with this input, or with every input. */
  infiniteQueryFilter(input?: Input, filters?: Filters): QueryFilter<Pages<Item>>;
  /**
   * For `useInfiniteQuery`, `useSuspenseInfiniteQuery` and their like: `fetchNextPage()` asks for the page at the last
   * one's `nextCursor`, and `hasNextPage` is false on the last page.
   */
  infiniteQueryOptions<Data = Pages<Item>>(
    ...args: Arguments<
      Input,
      Omit<UnusedSkipTokenInfiniteOptions<Page<Item>, CallError, Data, QueryKey, Cursor>, Decided>
    >
  ): UnusedSkipTokenInfiniteOptions<Page<Item>, CallError, Data, QueryKey, Cursor> & {
    queryKey: KeyOf<Pages<Item>>;
  };
  infiniteQueryOptions<Data = Pages<Item>>(
    ...args: Arguments<
      Input,
      Omit<UndefinedInitialDataInfiniteOptions<Page<Item>, CallError, Data, QueryKey, Cursor>, Decided>,
      SkipToken
    >
  ): UndefinedInitialDataInfiniteOptions<Page<Item>, CallError, Data, QueryKey, Cursor> & {
    queryKey: KeyOf<Pages<Item>>;
  };
}

export function infiniteQueryOf(path: Path, ask: Ask): object {
  const queryKey = (input?: unknown) => queryKeyOf(path, 'infinite', input === skipToken ? undefined : input);
  return {
    infiniteQueryKey: queryKey,
    infiniteQueryFilter: (input?: unknown, filters?: Filters) => ({ ...filters, queryKey: queryKey(input) }),
    infiniteQueryOptions: (input?: object | SkipToken, options?: object) => ({
      retry: false,
      ...options,
      queryKey: queryKey(input),
      queryFn:
        input === skipToken
          ? skipToken
          : async ({ pageParam: cursor, signal }: { pageParam: Cursor; signal: AbortSignal }) =>
              ask(cursor === undefined ? input : { ...input, cursor }, { signal }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }: Page<unknown>) => nextCursor,
    }),
  };
}
