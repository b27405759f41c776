import { DomainError, type Reason, type ReasonDetails } from '../errors.ts';
import { toErrorShape } from '../procedures.ts';
import type { RestAnswer } from './answer.ts';

/** A refusal as RFC 9457 has it, with what ours say besides. */
export interface Problem {
  /** Names the reason as a URI, as the standard asks. */
  readonly type: string;
  /** The reason, for people. */
  readonly title: string;
  readonly status: number;
  /** A sentence for a person, with the values. */
  readonly detail: string;
  /** Why the call was refused, for programs. */
  readonly reason: Reason;
  readonly details: ReasonDetails[Reason];
  /** Whether the same call, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
  /** Finds the call in the server's log. */
  readonly requestId: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function toProblem(refusal: DomainError, requestId: string): Problem {
  const { data } = toErrorShape(refusal, requestId);
  return {
    type: `urn:baguni:reason:${data.reason}`,
    title: titleOf(data.reason),
    status: data.httpStatus,
    detail: refusal.message,
    reason: data.reason,
    details: data.details,
    retryable: data.retryable,
    requestId,
  };
}

/** The whole answer to a request that is refused. */
export function problemAnswer(refusal: DomainError, requestId: string): RestAnswer & { readonly body: string } {
  const problem = toProblem(refusal, requestId);
  const headers: Record<string, string> = { 'content-type': PROBLEM_TYPE, 'x-request-id': requestId };
  if ('retryAfterMs' in problem.details) {
    headers['retry-after'] = String(Math.ceil(problem.details.retryAfterMs / 1_000));
  }
  return { status: problem.status, headers, body: JSON.stringify(problem) };
}

/** `STOCK_INSUFFICIENT` as "Stock insufficient". */
function titleOf(reason: Reason): string {
  const words = reason.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** There is nothing at that path. */
export function notHere(): DomainError {
  return new DomainError('PROCEDURE_NOT_FOUND', 'There is nothing here.', {});
}
