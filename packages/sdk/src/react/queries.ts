import {
  type DefinedInitialDataOptions,
  type SkipToken,
  skipToken,
  type UndefinedInitialDataOptions,
  type UnusedSkipTokenOptions,
} from '@tanstack/react-query';
import type { CallError } from './errors.ts';
import { type Filters, type KeyOf, type Path, type QueryFilter, type QueryKey, queryKeyOf } from './keys.ts';

/** What the procedure and its input decide, and no option may. */
type Decided = 'queryKey' | 'queryFn' | 'queryHashFn';

/** An input and what comes after it; an input that may be left out may be left out here. */
export type Arguments<Input, Options, Skip = never> = undefined extends Input
  ? [input?: Input | Skip, options?: Options]
  : [input: Input | Skip, options?: Options];

/** A query, for the hooks of React Query. `Answer` is what it answers; a list answers one page. */
export interface Query<Input, Answer> {
  /** The key under which the answer to this input is kept; without an input, where the procedure asks for none. */
  queryKey(input?: Input): KeyOf<Answer>;
  /** Finds what was answered to this input, or to every input. */
  queryFilter(input?: Input, filters?: Filters): QueryFilter<Answer>;
  /**
   * For `useQuery`, `useSuspenseQuery`, `useQueries`, `prefetchQuery` and their like. The SDK itself sends again what may
   * be sent again, so `retry` is off unless it is named. `skipToken` in place of the input asks for nothing yet.
   */
  queryOptions<Data = Answer>(
    input: Input,
    options: Omit<DefinedInitialDataOptions<Answer, CallError, Data, QueryKey>, Decided>,
  ): DefinedInitialDataOptions<Answer, CallError, Data, QueryKey> & { queryKey: KeyOf<Answer> };
  queryOptions<Data = Answer>(
    ...args: Arguments<Input, Omit<UnusedSkipTokenOptions<Answer, CallError, Data, QueryKey>, Decided>>
  ): UnusedSkipTokenOptions<Answer, CallError, Data, QueryKey> & { queryKey: KeyOf<Answer> };
  queryOptions<Data = Answer>(
    ...args: Arguments<Input, Omit<UndefinedInitialDataOptions<Answer, CallError, Data, QueryKey>, Decided>, SkipToken>
  ): UndefinedInitialDataOptions<Answer, CallError, Data, QueryKey> & { queryKey: KeyOf<Answer> };
}

/** Asks for the answer to an input. */
export type Ask = (input: unknown, options: { readonly signal: AbortSignal }) => PromiseLike<unknown>;

export function queryOf(path: Path, ask: Ask): object {
  const queryKey = (input?: unknown) => queryKeyOf(path, 'query', input === skipToken ? undefined : input);
  return {
    queryKey,
    queryFilter: (input?: unknown, filters?: Filters) => ({ ...filters, queryKey: queryKey(input) }),
    queryOptions: (input?: unknown, options?: object) => ({
      retry: false,
      ...options,
      queryKey: queryKey(input),
      // A list is awaited for its page; React Query knows none but real promises.
      queryFn: input === skipToken ? skipToken : async ({ signal }: { signal: AbortSignal }) => ask(input, { signal }),
    }),
  };
}
