import type { Interceptor, PassingStatement, StatementResult } from '@baguni/db';
import { ArmedFaults, HoldingFault } from './fault.ts';
import { type Mishaps, mishapsOf } from './mishaps.ts';

/** What can go wrong between the unit of work and its database. */
export type DatabaseFault = 'conflict' | 'commit-fails' | 'commit-answer-lost' | 'commit-is-slow';

const AT_COMMIT = ['commit-fails', 'commit-answer-lost', 'commit-is-slow'] as const;
const RECORDS = /\binsert into [`"]?idempotency_records/;
/** A connection that begins or takes back a transaction has written nothing in it. */
const NOTHING_WRITTEN = /^(begin|start transaction|rollback)\b(?! to)/;
const PROCEDURE = /^[a-z]+\.[a-z]+$/i;

/**
 * Faults at the last place before the database. They strike transactions that keep an answer for a caller: those of the
 * unit of work. Reads, and the bookkeeping of events, go through untouched.
 */
export class DatabaseFaults {
  readonly armed = new ArmedFaults<DatabaseFault>();
  /** Where in its transaction each connection is: what the statement that wrote the records carried. */
  readonly #written = new WeakMap<object, readonly unknown[]>();

  readonly interceptor: Interceptor = (statement) => {
    const { sql, parameters, connection } = statement;
    if (NOTHING_WRITTEN.test(sql)) this.#written.delete(connection);
    if (RECORDS.test(sql)) {
      this.#written.set(connection, parameters);
      if (this.armed.strike(['conflict'], proceduresIn(parameters))) return mishapsOf(statement).conflict(statement);
    }
    if (sql !== 'commit') return statement.send();
    const written = this.#written.get(connection);
    this.#written.delete(connection);
    return written ? this.#commit(statement, proceduresIn(written)) : statement.send();
  };

  async #commit(statement: PassingStatement, procedures: readonly string[]): Promise<StatementResult> {
    const struck = this.armed.strike(AT_COMMIT, procedures);
    const mishaps: Mishaps = mishapsOf(statement);
    if (struck?.kind === 'commit-fails') return mishaps.refuseCommit(statement);
    if (struck?.kind === 'commit-answer-lost') return mishaps.loseAnswer(statement);
    if (struck?.fault instanceof HoldingFault) await struck.fault.hold();
    return statement.send();
  }
}

/** The procedures whose answers a statement keeps. Rows travel as JSON, and a lone one may travel as its values. */
function proceduresIn(parameters: readonly unknown[]): string[] {
  const texts = parameters.filter((parameter) => typeof parameter === 'string');
  return texts.flatMap((text) => (text.startsWith('[{') ? proceduresOf(JSON.parse(text)) : text)).filter(isProcedure);
}

function proceduresOf(rows: unknown): unknown[] {
  if (!Array.isArray(rows)) return [];
  return rows.map((row: unknown) =>
    typeof row === 'object' && row !== null && 'procedure' in row ? row.procedure : '',
  );
}

function isProcedure(value: unknown): value is string {
  return typeof value === 'string' && PROCEDURE.test(value);
}
