import { QueryClient, QueryClientContext, QueryClientProvider } from '@tanstack/react-query';
import { createContext, createElement, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import type { Shop } from '../client.ts';
import { type BaguniOptions, createBaguniOptions } from './options.ts';

export interface BaguniProviderProps {
  /** What `createClient` gave. Make it outside the component: another client is another shop, or another customer. */
  client: Shop;
  /**
   * Where answers are kept: the query client of the `QueryClientProvider` above unless one is named here; if there is
   * neither, one of its own for each `client`, with which everything below begins anew. Whoever keeps one for several
   * customers clears it in between.
   */
  queryClient?: QueryClient | undefined;
  children?: ReactNode;
}

interface Provided {
  readonly client: Shop;
  readonly options: BaguniOptions;
  /** Belongs to the client, so that no customer sees what another one asked for. */
  readonly ownQueryClient: QueryClient;
  readonly key: number;
}

let clients = 0;

const BaguniContext = createContext<Provided | undefined>(undefined);

/** Gives the components below it a shop. */
export function BaguniProvider({ client, queryClient, children }: BaguniProviderProps): ReactElement {
  const above = useContext(QueryClientContext);
  const value = useMemo<Provided>(
    () => ({ client, options: createBaguniOptions(client), ownQueryClient: new QueryClient(), key: ++clients }),
    [client],
  );
  const given = queryClient ?? above;
  return createElement(
    QueryClientProvider,
    // A component that is already there would go on looking at the query client that it began with, hence the key.
    given ? { client: given } : { client: value.ownQueryClient, key: value.key },
    createElement(BaguniContext.Provider, { value }, children),
  );
}

/** The shop's procedures as options for the hooks of React Query: `useQuery(useBaguni().cart.get.queryOptions())`. */
export function useBaguni(): BaguniOptions {
  return useProvided('useBaguni').options;
}

/** The client itself, for what is neither a query nor a mutation of one component, such as `shop.withVersion`. */
export function useShop(): Shop {
  return useProvided('useShop').client;
}

function useProvided(hook: string): Provided {
  const provided = useContext(BaguniContext);
  if (!provided) throw new Error(`${hook}() needs a <BaguniProvider client={…}> above it.`);
  return provided;
}
