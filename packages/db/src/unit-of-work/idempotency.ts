import superjson from 'superjson';
import type { Engine } from '../engines/engine.ts';
import { IdempotencyRecord } from '../entities/index.ts';
import { DomainError, type Reason, type ReasonDetails } from '../errors.ts';
import { superjsonForm } from '../superjson-form.ts';
import type { Task } from './task.ts';
import type { Transaction } from './transaction.ts';

/** How a command ended. It is kept with its key, and given again to whoever asks with that key. */
export type Outcome = { readonly answer: unknown } | { readonly refusal: DomainError };

/** Whose key, and which. */
export interface KeyOfCaller {
  readonly principal: string;
  readonly key: string;
}

interface StoredRefusal {
  reason: Reason;
  message: string;
  details: ReasonDetails[Reason];
}

type StoredOutcome = { answer: unknown } | { refusal: StoredRefusal };

/** The database's time, and what is on record under these keys, in one query. */
export async function readRecords(
  transaction: Transaction,
  keys: readonly KeyOfCaller[],
): Promise<{ now: Date; records: Map<string, StoredRecord> }> {
  const text = lookup(transaction.engine);
  const rows = await transaction.run<Row>({ text, values: [JSON.stringify(keys)], isRepeated: true });
  const records = new Map<string, StoredRecord>();
  for (const row of rows) {
    if (row.request_hash === null || row.answer === null) continue;
    records.set(keyText({ principal: row.principal, key: row.key }), {
      requestHash: row.request_hash,
      outcome: parseOutcome(row.answer),
    });
  }
  return { now: new Date(Number(rows[0]?.now)), records };
}

function lookup({ clockSql, given }: Engine): string {
  const keys = given([
    { field: 'principal', type: 'text' },
    { field: 'key', type: 'text' },
  ]);
  // Looked up one by one: a join might be planned, while the table is small, to read all of it.
  const onRecord = (column: string) =>
    `(select ${column} from idempotency_records as r where r.principal = given.principal and r."key" = given."key") as ${column}`;
  return `select clock.now, given.principal, given."key", ${onRecord('request_hash')}, ${onRecord('answer')}
    from (select ${clockSql} as now) as clock, ${keys}`;
}

interface Row {
  now: number | string;
  principal: string;
  key: string;
  request_hash: string | null;
  answer: string | null;
}

export interface StoredRecord {
  readonly requestHash: string;
  readonly outcome: Outcome;
}

/** The outcome on record, or a refusal if the key was used for something else. */
export function replay(stored: StoredRecord, task: Task, key: string): Outcome {
  return stored.requestHash === task.requestHash ? stored.outcome : { refusal: keyReused(key) };
}

export function keyReused(key: string): DomainError {
  return new DomainError('IDEMPOTENCY_KEY_REUSED', `The idempotency key ${key} was used for another request.`, {
    idempotencyKey: key,
  });
}

export function newRecord(
  task: Task,
  { principal, key }: KeyOfCaller,
  outcome: Outcome,
  { transaction, now }: { transaction: Transaction; now: Date },
): IdempotencyRecord {
  return transaction.rows.newRow(IdempotencyRecord, {
    principal,
    key,
    procedure: task.name,
    requestHash: task.requestHash,
    answer: JSON.stringify(superjsonForm.serialize(storedOutcome(outcome))),
    createdAt: now,
  });
}

export function keyText({ principal, key }: KeyOfCaller): string {
  return `${principal}\n${key}`;
}

function storedOutcome(outcome: Outcome): StoredOutcome {
  if ('answer' in outcome) return outcome;
  const { reason, message, details } = outcome.refusal;
  return { refusal: { reason, message, details } };
}

function parseOutcome(text: string): Outcome {
  // Nobody but this file writes the records.
  const stored = superjson.parse<StoredOutcome>(text);
  if ('answer' in stored) return stored;
  const { reason, message, details } = stored.refusal;
  return { refusal: new DomainError(reason, message, details) };
}
