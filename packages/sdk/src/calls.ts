import type { AnyTRPCProcedure } from '@trpc/server';
import { type List, type LoadPage, listOf, type Page } from './lists.ts';
import { KINDS, type Kind, type KindOf, type Procedures } from './procedures.ts';
import type { CallPromise } from './responses.ts';

/** What a call takes besides its input. */
export interface CallOptions {
  /** Gives the call up. */
  signal?: AbortSignal | undefined;
  /** How long the call may take, retries included; the client's `timeoutMs` unless said otherwise, `Infinity` for no deadline. */
  timeoutMs?: number | undefined;
  /** How often the call is sent again at most; 0 for never, the client's `retries` unless said otherwise. */
  retries?: number | undefined;
}

/** What a stream takes besides its input. */
export type StreamOptions = Pick<CallOptions, 'signal'>;

/** What a call that changes something takes besides its input. */
export interface MutationOptions extends CallOptions {
  /**
   * Makes the call count once: the same key again gives the same answer and changes nothing more.
   * A new key for each call unless one is named here or in the input.
   */
  idempotencyKey?: string | undefined;
}

/** The procedures as functions, under their namespaces. */
// It maps over the keys of its parameter, because only then does the editor show the comments of the procedures.
export type Calls<Procedures> = {
  readonly [Name in keyof Procedures]: Procedures[Name] extends AnyTRPCProcedure
    ? Call<Procedures[Name]>
    : Calls<Procedures[Name]>;
};

type Call<Procedure extends AnyTRPCProcedure> = (
  ...args: Arguments<
    Procedure['_def']['$types']['input'],
    KindOf<Procedure> extends 'mutation'
      ? MutationOptions
      : KindOf<Procedure> extends 'stream'
        ? StreamOptions
        : CallOptions
  >
) => AnswerOf<Procedure>;

// biome-ignore lint/suspicious/noConfusingVoidType: It is what tRPC gives as the input of a procedure that takes none.
type Arguments<Input, Options> = [Input] extends [void]
  ? [input?: undefined, options?: Options]
  : undefined extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options];

/** What a procedure answers. */
export type OutputOf<Procedure extends AnyTRPCProcedure> = Procedure['_def']['$types']['output'];

type AnswerOf<Procedure extends AnyTRPCProcedure> =
  KindOf<Procedure> extends 'list'
    ? List<ItemOf<OutputOf<Procedure>>>
    : KindOf<Procedure> extends 'stream'
      ? AsyncIterable<EventOf<OutputOf<Procedure>>>
      : CallPromise<OutputOf<Procedure>>;

/** What a stream tells of. Its bookmarks, which are null, are the client's own business. */
export type EventOf<Output> =
  Output extends AsyncIterable<infer Tracked>
    ? Tracked extends { data: infer Data }
      ? Exclude<Data, null>
      : never
    : never;

/** What a list is a list of. */
export type ItemOf<Output> = Output extends Page<infer Item> ? Item : never;

/** One call of a procedure that is no list. */
export interface Request {
  readonly type: 'query' | 'mutation';
  readonly path: string;
  readonly input: unknown;
  readonly options: MutationOptions;
}

/** One call of a procedure that is a stream. */
export interface StreamRequest {
  readonly path: string;
  readonly input: object | undefined;
  readonly options: StreamOptions;
}

/** How calls reach the server. */
export interface Ways {
  readonly send: (request: Request) => CallPromise<unknown>;
  readonly follow: (request: StreamRequest) => AsyncIterable<unknown>;
}

/** A function for each procedure, which hands its call on. */
export function callsOf({ send, follow }: Ways): Calls<Procedures> {
  // The one cast: what is built by walking over the kinds is what the types say of the same procedures.
  return branch(KINDS, '') as Calls<Procedures>;

  function branch(kinds: object, prefix: string): object {
    return Object.fromEntries(
      Object.entries(kinds).map(([name, kind]: [string, Kind | object]) => {
        const path = prefix + name;
        return [name, typeof kind === 'object' ? branch(kind, `${path}.`) : call(kind, path)];
      }),
    );
  }

  function call(kind: Kind, path: string) {
    switch (kind) {
      case 'query':
      case 'mutation':
        return (input?: unknown, options: MutationOptions = {}) => send({ type: kind, path, input, options });
      case 'stream':
        return (input?: object, options: StreamOptions = {}) => follow({ path, input, options });
      case 'list':
        return (input?: object, options: CallOptions = {}) => listOf(pagesOf(path, input, options));
    }
  }

  function pagesOf(path: string, input: object | undefined, { signal, ...options }: CallOptions): LoadPage<unknown> {
    return (cursor, leaving) => {
      const signals = [signal, leaving].filter((either) => either !== undefined);
      return send({
        type: 'query',
        path,
        input: cursor === undefined ? input : { ...input, cursor },
        options: { ...options, ...(signals.length > 0 && { signal: AbortSignal.any(signals) }) },
      }) as CallPromise<Page<unknown>>;
    };
  }
}
