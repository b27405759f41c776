import { createHash } from 'node:crypto';
import pg from 'pg';
import { one } from './database.ts';
import { Refusal } from './refusal.ts';

/** A call that changes something, under the key that makes it count once. */
export interface Call {
  readonly userId: number;
  readonly key: string;
  readonly procedure: string;
  readonly requestHash: string;
}

type Outcome = { answer: unknown } | { refusal: { status: number; reason: string; message: string } };

const addRecord = {
  name: 'add-record',
  text: `insert into idempotency_records (principal, "key", procedure, request_hash, answer, created_at)
    values ($1, $2, $3, $4, $5, now())`,
};

const readRecord = {
  name: 'read-record',
  text: `select request_hash, answer from idempotency_records where principal = $1 and "key" = $2`,
};

export function callOf(procedure: string, userId: number, key: string, input: unknown): Call {
  const requestHash = createHash('sha256')
    .update(`${procedure}\n${JSON.stringify({ userId, input })}`)
    .digest('hex');
  return { userId, key, procedure, requestHash };
}

/** Runs a change in one transaction. `run` records its answer itself, before it touches the row that everybody wants. */
export async function once<Answer>(
  pool: pg.Pool,
  call: Call,
  run: (client: pg.ClientBase) => Promise<Answer>,
): Promise<Answer> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const answer = await run(client);
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback');
    if (isKeyTaken(error)) return await replay<Answer>(client, call);
    if (error instanceof Refusal) return await refuse<Answer>(client, call, error);
    throw error;
  } finally {
    client.release();
  }
}

export async function recordAnswer(client: pg.ClientBase, call: Call, answer: unknown): Promise<void> {
  await record(client, call, { answer });
}

/** Records a refusal, so that the same call is refused again, and throws it. */
export async function refuse<Answer>(client: pg.Pool | pg.ClientBase, call: Call, refusal: Refusal): Promise<Answer> {
  const { status, reason, message } = refusal;
  try {
    await record(client, call, { refusal: { status, reason, message } });
  } catch (error) {
    if (isKeyTaken(error)) return await replay<Answer>(client, call);
    throw error;
  }
  throw refusal;
}

async function record(client: pg.Pool | pg.ClientBase, call: Call, outcome: Outcome): Promise<void> {
  const { userId, key, procedure, requestHash } = call;
  await one(client, addRecord, [principalOf(userId), key, procedure, requestHash, JSON.stringify(outcome)]);
}

// The record is written without a look whether there is one: a repeated key is rare, and the primary key finds it.
async function replay<Answer>(client: pg.Pool | pg.ClientBase, call: Call): Promise<Answer> {
  const kept = await one<{ request_hash: string; answer: string }>(client, readRecord, [
    principalOf(call.userId),
    call.key,
  ]);
  if (kept?.request_hash !== call.requestHash) {
    throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'The idempotency key was used for another request.');
  }
  const outcome = JSON.parse(kept.answer);
  if ('answer' in outcome) return outcome.answer;
  const { status, reason, message } = outcome.refusal;
  throw new Refusal(status, reason, message);
}

function isKeyTaken(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'idempotency_records_pkey';
}

function principalOf(userId: number): string {
  return `customer:${userId}`;
}
