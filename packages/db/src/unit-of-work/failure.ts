/**
 * What to make of an error from the database:
 * - `race`: another transaction was first. Run again, and the decision sees what it did.
 * - `transient`: the database could not do it now. Nothing was changed; run again.
 * - `unexpected`: running again would not help.
 */
export type Failure = 'race' | 'transient' | 'unexpected';

/** The connection broke while COMMIT was under way: the work may be done or not. */
export class CommitUnconfirmed extends Error {
  override readonly name = 'CommitUnconfirmed';
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const RACES = new Set([
  '23505', // unique_violation: the decision looked for the row first, so somebody added it since.
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

const TRANSIENT = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled: the statement timeout
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

// The pg driver gives a lost connection no code, only these words. An error that has a code is not asked
// for words: its message quotes the statement, and in the statement a caller may have written anything.
const LOST_CONNECTION =
  /connection terminated|connection ended|client has encountered a connection error|not queryable|timeout exceeded when trying to connect|server closed the connection/i;

export function classify(error: unknown): Failure {
  for (const cause of causesOf(error)) {
    if (RACES.has(cause.code)) return 'race';
    if (TRANSIENT.has(cause.code) || cause.code.startsWith('08') || isLostConnection(cause)) return 'transient';
    if (cause.name === 'AbortedTransactionError') return 'transient';
  }
  return 'unexpected';
}

/**
 * Whether a COMMIT that failed with this error may have been carried out.
 * An SQLSTATE other than a shutdown or a lost connection is the server's own word that it was not.
 */
export function mayHaveCommitted(error: unknown): boolean {
  return causesOf(error).some(
    (cause) => /^(08|57P0)/.test(cause.code) || /^E[A-Z]+$/.test(cause.code) || isLostConnection(cause),
  );
}

function isLostConnection({ code, message }: Cause): boolean {
  return code === '' && LOST_CONNECTION.test(message);
}

interface Cause {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** How deep an error may be wrapped in others. */
const CAUSE_DEPTH_MAX = 5;

function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  let current = error;
  while (current instanceof Error && causes.length < CAUSE_DEPTH_MAX) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : '';
    causes.push({ name: current.name, code, message: current.message });
    current = current.cause;
  }
  return causes;
}
