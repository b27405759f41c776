import type { Interceptor } from '@baguni/db';

/** Lets a statement come only when the one before it over the same connection is answered: that is what schedules are made of. */
export function oneAtATime(interceptor: Interceptor): Interceptor {
  const last = new WeakMap<object, Promise<unknown>>();
  return (statement) => {
    const { connection } = statement;
    const before = last.get(connection) ?? Promise.resolve();
    const answer = before.then(() => interceptor(statement));
    // What became of it is the matter of the one who sent it.
    last.set(
      connection,
      answer.catch(() => undefined),
    );
    return answer;
  };
}
