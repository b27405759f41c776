import type { BaguniErrorOf, OutcomeUnknown, Reason } from '../errors.ts';
import type { MutationPath } from '../procedures.ts';

/** What a query or a stream fails with. `isBaguniError` narrows it, and so does a `switch` over its `reason`. */
export type CallError = BaguniErrorOf;

/** What a mutation fails with; `resolve()` of an unknown outcome gives what this very mutation answers. */
export type MutationError<Path extends MutationPath> =
  | BaguniErrorOf<Exclude<Reason, 'OUTCOME_UNKNOWN'>>
  | OutcomeUnknown<Path>;
