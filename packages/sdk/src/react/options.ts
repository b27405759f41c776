import type { AnyTRPCProcedure } from '@trpc/server';
import type { EventOf, ItemOf, OutputOf } from '../calls.ts';
import type { Shop } from '../client.ts';
import { KINDS, type Kind, type KindOf, type MutationPath, type Procedures } from '../procedures.ts';
import { type InfiniteQuery, infiniteQueryOf } from './infinite-queries.ts';
import { type Path, type PathKeys, pathKeysOf } from './keys.ts';
import { type Mutation, mutationOf } from './mutations.ts';
import { type Query, queryOf } from './queries.ts';
import { type Stream, streamOf } from './streams.ts';

/** The procedures of the shop under their namespaces, as options for the hooks of React Query. */
export interface BaguniOptions extends OptionsOf<Procedures, ''>, PathKeys {}

// It maps over the keys of its parameter, because only then does the editor show the comments of the procedures.
type OptionsOf<Procedures, Prefix extends string> = {
  readonly [Name in keyof Procedures]: (Procedures[Name] extends AnyTRPCProcedure
    ? ProcedureOptions<Procedures[Name], `${Prefix}${Name & string}`>
    : OptionsOf<Procedures[Name], `${Prefix}${Name & string}.`>) &
    PathKeys;
};

type ProcedureOptions<Procedure extends AnyTRPCProcedure, At extends string> = {
  query: Query<InputOf<Procedure>, OutputOf<Procedure>>;
  list: Query<InputOf<Procedure>, OutputOf<Procedure>> &
    InfiniteQuery<WithoutCursor<InputOf<Procedure>>, ItemOf<OutputOf<Procedure>>>;
  mutation: At extends MutationPath ? Mutation<At, InputOf<Procedure>> : never;
  stream: Stream<InputOf<Procedure>, EventOf<OutputOf<Procedure>>>;
}[KindOf<Procedure>];

type InputOf<Procedure extends AnyTRPCProcedure> = Procedure['_def']['$types']['input'];

type WithoutCursor<Input> = Input extends object ? Omit<Input, 'cursor'> : Input;

/**
 * The options of a shop's calls, where there is no component to call `useBaguni` in: a router's loader, a server component
 * that prefetches.
 *
 *     await queryClient.ensureQueryData(createBaguniOptions(shop).products.get.queryOptions({ productId }));
 */
export function createBaguniOptions(shop: Shop): BaguniOptions {
  // Casts because what is built by walking over the kinds is what the types say of the same procedures.
  return branch(KINDS, shop as unknown as Calls, []) as unknown as BaguniOptions;
}

/** Each kind of call has the half of the answer that its use takes. */
type AnyCall = (input: unknown, options?: object) => PromiseLike<unknown> & AsyncIterable<unknown>;

interface Calls {
  readonly [name: string]: Calls & AnyCall;
}

function branch(kinds: object, calls: Calls | undefined, path: Path): object {
  const entries = Object.entries(kinds).map(([name, kind]: [string, Kind | object]) => {
    const below = calls?.[name];
    const at = [...path, name];
    return [name, typeof kind === 'object' ? branch(kind, below, at) : leaf(kind, below, at)];
  });
  return { ...pathKeysOf(path), ...Object.fromEntries(entries) };
}

function leaf(kind: Kind, call: AnyCall | undefined, path: Path): object {
  if (!call) throw new Error(`The client has no ${path.join('.')}.`);
  const keys = pathKeysOf(path);
  switch (kind) {
    case 'query':
      return { ...keys, ...queryOf(path, call) };
    case 'list':
      return { ...keys, ...queryOf(path, call), ...infiniteQueryOf(path, call) };
    case 'mutation':
      return { ...keys, ...mutationOf(path, call) };
    case 'stream':
      return { ...keys, ...streamOf(path, call) };
  }
}
