import { type Reason, TREATMENTS } from '../errors.ts';
import { COMMENTS } from './comments.ts';
import type { Operation } from './operations.ts';

/** Every reason there is. */
export const REASONS = Object.keys(TREATMENTS).filter(isReason);

/** Why a call of an operation may be refused: what its comment names, and what may befall every call like it. */
export function reasonsOf(operation: Operation): Reason[] {
  const named = [...(COMMENTS.procedures[operation.id]?.match(/(?<=`)[A-Z_]+(?=`)/g) ?? [])].filter(isReason);
  return [...new Set([...REASONS_OF_ALL, ...reasonsOfItsKind(operation), ...named])];
}

const REASONS_OF_ALL: readonly Reason[] = ['INPUT_INVALID', 'UNAUTHENTICATED', 'OVERLOADED', 'UNAVAILABLE', 'INTERNAL'];

function reasonsOfItsKind({ callers, type, method }: Operation): Reason[] {
  return [
    ...(callers === 'customer' || callers === 'admin' ? (['FORBIDDEN'] as const) : []),
    ...(method === 'GET' || method === 'DELETE' ? [] : (['MEDIA_TYPE_NOT_SUPPORTED', 'REQUEST_TOO_LARGE'] as const)),
    ...(type === 'mutation' ? (['IDEMPOTENCY_KEY_REUSED', 'OUTCOME_UNKNOWN'] as const) : []),
  ];
}

function isReason(word: string): word is Reason {
  return word in TREATMENTS;
}
