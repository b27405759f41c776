import type { Reason } from './errors.ts';

/** Who may call: anybody, a customer, an admin, or an owner: a customer in their own things, an admin in anybody's. */
export type Callers = 'public' | 'customer' | 'admin' | 'owner';

/** What a procedure says of itself beside its types. */
export interface ProcedureMeta {
  /** Who may call it; each kind of procedure in `procedures.ts` says so. */
  callers?: Callers;
  /** The reasons of its own for which it refuses a call; its comment names them too. */
  reasons?: readonly Reason[];
}

/** For these any call may be refused, whatever it asks. */
export const REASONS_OF_EVERY_CALL = [
  'INPUT_INVALID',
  'UNAUTHENTICATED',
  'PROCEDURE_NOT_FOUND',
  'METHOD_NOT_SUPPORTED',
  'MEDIA_TYPE_NOT_SUPPORTED',
  'REQUEST_TOO_LARGE',
  'OVERLOADED',
  'UNAVAILABLE',
  'INTERNAL',
] as const satisfies readonly Reason[];

/** For these too, if not everybody may call. */
export const REASONS_OF_EVERY_CALLER = ['FORBIDDEN'] as const satisfies readonly Reason[];

/** For these too, if the call changes something. */
export const REASONS_OF_EVERY_MUTATION = [
  'IDEMPOTENCY_KEY_REUSED',
  'OUTCOME_UNKNOWN',
] as const satisfies readonly Reason[];

interface Refusing extends ProcedureMeta {
  readonly type: 'query' | 'mutation' | 'subscription';
}

/** Every reason for which a procedure may refuse a call. */
function reasonsOf({ type, callers = 'public', reasons = [] }: Refusing): Reason[] {
  return [
    ...REASONS_OF_EVERY_CALL,
    ...(callers === 'public' ? [] : REASONS_OF_EVERY_CALLER),
    ...(type === 'mutation' ? REASONS_OF_EVERY_MUTATION : []),
    ...reasons,
  ];
}

export function mayRefuseFor(reason: Reason, procedure: Refusing): boolean {
  return reasonsOf(procedure).includes(reason);
}
