'use client';

export type { CallError, MutationError } from './react/errors.ts';
export type { InfiniteQuery, Pages } from './react/infinite-queries.ts';
export type { Filters, KeyOf, Path, PathFilter, PathKey, PathKeys, QueryFilter, QueryKey } from './react/keys.ts';
export type { Mutation, MutationKey, Variables } from './react/mutations.ts';
export { type BaguniOptions, createBaguniOptions } from './react/options.ts';
export { BaguniProvider, type BaguniProviderProps, useBaguni, useShop } from './react/provider.ts';
export type { Query } from './react/queries.ts';
export type { Follow, Stream, StreamHandlers, StreamKey, UseStreamOptions } from './react/streams.ts';
export { type StreamResult, useStream } from './react/use-stream.ts';
