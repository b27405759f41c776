import type { Interceptor, PassingStatement } from '@baguni/db';

/** How long a race waits for a sign of life before it says that somebody is stuck: less than a test may take, so that it can. */
export const PATIENCE_MS = 45_000;

/** How long a call of a provider may take, its wait for its turn included: longer than any test. */
export const CALL_PATIENCE_MS = 600_000;

const TIMERS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
const WITHOUT_TIMERS = `select ${TIMERS.map((timer) => `set_config('${timer}', '0', false)`).join()}`;

/**
 * Lets nothing that a race holds up be ended by a timer of the server: on a busy machine a transaction may wait for its
 * turn longer than any in production, and that would show as an error of the shop. Asked before each statement.
 */
export class PatientConnections {
  readonly #patient = new WeakSet<object>();

  /** Passes the statement on once its connection has no timers any more. */
  async pass(statement: PassingStatement, next: Interceptor): ReturnType<Interceptor> {
    const { connection, sendInstead } = statement;
    if (!this.#patient.has(connection)) {
      this.#patient.add(connection);
      await sendInstead(WITHOUT_TIMERS);
    }
    return next(statement);
  }
}
