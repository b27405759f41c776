export type { CallOptions, MutationOptions, StreamOptions } from './calls.ts';
export { type ClientOptions, createClient, type Shop } from './client.ts';
export {
  BaguniError,
  type BaguniErrorOf,
  type ClientReasonDetails,
  isBaguniError,
  type Reason,
  type ReasonDetails,
} from './errors.ts';
export type { Fetch, Token } from './links/http.ts';
export type { List, Page } from './lists.ts';
export type { Inputs, Outputs } from './procedures.ts';
