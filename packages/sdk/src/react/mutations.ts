import type { MutationFunctionContext, UseMutationOptions } from '@tanstack/react-query';
import type { MutationOptions } from '../calls.ts';
import { keyIn } from '../links/input.ts';
import type { MutationPath, OutputAt } from '../procedures.ts';
import type { MutationError } from './errors.ts';
import type { Path } from './keys.ts';

/** What `mutate` takes: nothing at all where the procedure asks for nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: Only what may be void may be left out of a call of `mutate`.
export type Variables<Input> = undefined extends Input ? Input | void : Input;

/** The key of all calls of one mutation. */
export type MutationKey = readonly [path: Path];

type Options<At extends MutationPath, Input, OnMutateResult> = UseMutationOptions<
  OutputAt<At>,
  MutationError<At>,
  Variables<Input>,
  OnMutateResult
>;

/** A mutation, for the hooks of React Query. */
export interface Mutation<At extends MutationPath, Input> {
  /** Finds the calls of this mutation: `useIsMutating({ mutationKey })`, `useMutationState`. */
  mutationKey(): MutationKey;
  /**
   * For `useMutation`. Each `mutate()` makes an idempotency key of its own, unless the variables name one, and everything
   * that is sent for it has that key, also what React Query sends again. The SDK itself sends again what may be sent
   * again, so `retry` is off unless it is named.
   */
  mutationOptions<OnMutateResult = unknown>(
    options?: Omit<Options<At, Input, OnMutateResult>, 'mutationKey' | 'mutationFn'>,
  ): Options<At, Input, OnMutateResult> & {
    mutationKey: MutationKey;
    mutationFn: (variables: Variables<Input>, context: MutationFunctionContext) => Promise<OutputAt<At>>;
  };
}

/** Changes something. */
export type Change = (input: unknown, options: MutationOptions) => PromiseLike<unknown>;

// React Query makes one context for each `mutate()` and hands it to all its attempts.
const keys = new WeakMap<MutationFunctionContext, string>();

function keyOf(context: MutationFunctionContext): string {
  const key = keys.get(context) ?? crypto.randomUUID();
  keys.set(context, key);
  return key;
}

export function mutationOf(path: Path, change: Change): object {
  const mutationKey = (): MutationKey => [path];
  return {
    mutationKey,
    mutationOptions: (options?: object) => ({
      retry: false,
      ...options,
      mutationKey: mutationKey(),
      mutationFn: async (variables: unknown, context: MutationFunctionContext) =>
        change(variables, { idempotencyKey: keyIn(variables) ?? keyOf(context) }),
    }),
  };
}
