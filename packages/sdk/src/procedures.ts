import type { AppRouter } from '@baguni/api';
import type { AnyTRPCMutationProcedure, AnyTRPCProcedure, inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { Page } from './lists.ts';

/** The procedures of the router, by namespace. */
export type Procedures = AppRouter['_def']['record'];

/** What each procedure takes: `Inputs['orders']['place']`. */
export type Inputs = inferRouterInputs<AppRouter>;

/** What each procedure answers: `Outputs['orders']['place']`. A list answers in pages. */
export type Outputs = inferRouterOutputs<AppRouter>;

/** How a procedure is called; a list is a query that answers in pages, a stream goes on until it is given up. */
export type Kind = 'query' | 'list' | 'mutation' | 'stream';

export type KindOf<Procedure extends AnyTRPCProcedure> = Procedure['_def']['type'] extends 'mutation'
  ? 'mutation'
  : Procedure['_def']['type'] extends 'query'
    ? Procedure['_def']['$types']['output'] extends Page<unknown>
      ? 'list'
      : 'query'
    : 'stream';

/** The mutations by their paths, such as `orders.place`. */
export type MutationPath = {
  [Namespace in keyof Procedures & string]: {
    [Name in keyof Procedures[Namespace] & string]: Procedures[Namespace][Name] extends AnyTRPCMutationProcedure
      ? `${Namespace}.${Name}`
      : never;
  }[keyof Procedures[Namespace] & string];
}[keyof Procedures & string];

/** What the mutation at a path answers. */
export type OutputAt<Path extends MutationPath> = Path extends `${infer Namespace}.${infer Name}`
  ? Namespace extends keyof Outputs
    ? Name extends keyof Outputs[Namespace]
      ? Outputs[Namespace][Name]
      : never
    : never
  : never;

type KindsOf<Procedures> = {
  readonly [Name in keyof Procedures]: Procedures[Name] extends AnyTRPCProcedure
    ? KindOf<Procedures[Name]>
    : KindsOf<Procedures[Name]>;
};

/**
 * What the client has to know of each procedure while it runs.
 * The compiler compares it with the router's types: it names every procedure, and each as what it is.
 */
export const KINDS: KindsOf<Procedures> = {
  users: { create: 'mutation', get: 'query', list: 'list', update: 'mutation', me: 'query' },
  points: { charge: 'mutation', buy: 'mutation', adjust: 'mutation', balance: 'query', history: 'list' },
  products: {
    create: 'mutation',
    createMany: 'mutation',
    update: 'mutation',
    adjustStock: 'mutation',
    adjustStocks: 'mutation',
    setStatus: 'mutation',
    get: 'query',
    list: 'list',
    bestSellers: 'query',
  },
  coupons: {
    create: 'mutation',
    update: 'mutation',
    issueTo: 'mutation',
    revoke: 'mutation',
    get: 'query',
    list: 'list',
    claim: 'mutation',
    mine: 'list',
  },
  cart: { get: 'query', addItem: 'mutation', setQuantity: 'mutation', removeItem: 'mutation', clear: 'mutation' },
  orders: {
    place: 'mutation',
    quote: 'query',
    cancel: 'mutation',
    get: 'query',
    list: 'list',
    search: 'list',
    stream: 'stream',
  },
  payments: { get: 'query', pay: 'mutation', refund: 'mutation' },
  events: {
    list: 'list',
    stream: 'stream',
    createEndpoint: 'mutation',
    listEndpoints: 'list',
    disableEndpoint: 'mutation',
    enableEndpoint: 'mutation',
    deliveries: 'list',
    replay: 'mutation',
  },
  audit: { verify: 'query' },
};
