import assert from 'node:assert/strict';
import { type BaguniErrorOf, isBaguniError, type Reason, type ReasonDetails } from '@baguni/sdk';

/** A call that is refused, for this reason and with at least these details. */
export async function assertRefused<R extends Reason>(
  call: PromiseLike<unknown>,
  reason: R,
  details: Partial<ReasonDetails[R]> = {},
): Promise<BaguniErrorOf<R>> {
  const error = await call.then(
    () => assert.fail(`The call was answered; it should have been refused with ${reason}.`),
    (failure: unknown) => failure,
  );
  if (!isBaguniError(error, reason)) {
    if (isBaguniError(error)) assert.equal(error.reason, reason, error.message);
    throw error;
  }
  assert.partialDeepStrictEqual({ ...error.details }, details);
  return error;
}

/** How calls ended that were made at once. */
export interface Ended<Answer> {
  readonly answers: Answer[];
  /** The reasons of those that were refused. */
  readonly refusals: Reason[];
}

/** Makes calls at once and waits for all of them. One that fails without being refused by the shop fails the behaviour. */
export async function atOnce<Answer>(calls: readonly PromiseLike<Answer>[]): Promise<Ended<Answer>> {
  const answers: Answer[] = [];
  const refusals: Reason[] = [];
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'fulfilled') answers.push(result.value);
    else if (isBaguniError(result.reason)) refusals.push(result.reason.reason);
    else throw result.reason;
  }
  return { answers, refusals };
}

/** So many of them were answered, and all others were refused for one of these reasons. */
export function assertWinners<Answer>({ answers, refusals }: Ended<Answer>, count: number, ...reasons: Reason[]): void {
  const others = refusals.filter((reason) => !reasons.includes(reason));
  assert.deepEqual(others, [], `Nothing but ${reasons.join(' or ')} was to be expected.`);
  assert.equal(answers.length, count, 'How many calls were answered');
}

/** The same thing so many times. */
export function times<Value>(count: number, make: (place: number) => Value): Value[] {
  return Array.from({ length: count }, (_, place) => make(place));
}

/** The first items of a stream; the stream is given up after them. */
export async function take<Item>(stream: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of stream) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** A number that no row has as its id. */
export const NOBODY = 999_999_999_999;
