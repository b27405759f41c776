import type { AppRouter } from '@baguni/api';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { BaguniError } from '../errors.ts';

/**
 * Makes the input plain JSON, and gives each mutation its idempotency key.
 * It happens once a call, before the retries: each attempt then sends the same bytes, whatever the caller does to the
 * object meanwhile, and an input that is no JSON fails alone instead of with the batch that it would have joined.
 */
export function inputLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let input: unknown;
        try {
          input = toJson(op.input);
        } catch (cause) {
          observer.error(notJson(cause));
          return;
        }
        if (op.type !== 'mutation') return next({ ...op, input }).subscribe(observer);
        const idempotencyKey = op.context.idempotencyKey ?? keyIn(input) ?? crypto.randomUUID();
        return next({ ...op, input: { ...asObject(input), idempotencyKey } }).subscribe(observer);
      });
}

/** The idempotency key in an input, if there is one. */
export function keyIn(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('idempotencyKey' in input)) return undefined;
  return typeof input.idempotencyKey === 'string' ? input.idempotencyKey : undefined;
}

function toJson(input: unknown): unknown {
  return input === undefined ? undefined : JSON.parse(JSON.stringify(input));
}

function asObject(input: unknown): object {
  return typeof input === 'object' && input !== null ? input : {};
}

function notJson(cause: unknown): TRPCClientError<AppRouter> {
  const message = 'The input cannot be written as JSON.';
  const details = { issues: [{ path: '', message }] };
  const error = new BaguniError({ reason: 'INPUT_INVALID', message, details, retryable: false, cause });
  return new TRPCClientError(message, { cause: error });
}
