export type { CallOptions, MutationOptions, StreamOptions } from './calls.ts';
export { type ClientOptions, createClient, type Shop } from './client.ts';
export {
  BaguniError,
  type BaguniErrorOf,
  type ClientReasonDetails,
  isBaguniError,
  isOutcomeUnknown,
  matchBaguniError,
  OutcomeUnknown,
  type Reason,
  type ReasonDetails,
  type ReasonHandlers,
  type ResolveOptions,
} from './errors.ts';
export type { AttemptFailure, CallInfo, Hooks, RequestEvent, ResponseEvent, RetryEvent } from './hooks.ts';
export type { Fetch, Token } from './links/http.ts';
export type { List, Page } from './lists.ts';
export type { Inputs, MutationPath, OutputAt, Outputs } from './procedures.ts';
export type { CallPromise, CallResponse } from './responses.ts';
export type { VersionOptions, WithVersion } from './versions.ts';
