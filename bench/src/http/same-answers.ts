import { isDeepStrictEqual } from 'node:util';
import type { Operation } from '../calls/operation.ts';
import { WIRES, type WireName } from '../calls/wires.ts';
import { Connection } from '../generator/connection.ts';
import { EXHAUSTED_COUPON, FIRST_HOT_COUPON, USERS } from '../shop/size.ts';
import { tokenOf } from '../shop/tokens.ts';
import type { Stand } from '../stand.ts';
import { masked } from './masked.ts';
import { changedRows } from './rows.ts';

const HOT = FIRST_HOT_COUPON - 1 + 400;

// Every kind of operation, what is refused, and every key once more: the same call has the same answer.
const ONCE: readonly Operation[] = [
  { kind: 'browse' },
  { kind: 'read', productId: 1 },
  { kind: 'read', productId: 999_999 },
  { kind: 'read', productId: 0 },
  { kind: 'history', userId: 1 },
  { kind: 'history', userId: USERS },
  { kind: 'history', userId: 999_999 },
  { kind: 'add', userId: 1, productId: 10, key: 'add-1' },
  { kind: 'add', userId: 1, productId: 11, key: 'add-2' },
  { kind: 'add', userId: 1, productId: 10, key: 'add-3' },
  { kind: 'add', userId: 2, productId: 999_999, key: 'add-4' },
  { kind: 'add', userId: 2, productId: 10, key: 'no key' },
  { kind: 'place', userId: 1, productId: 1, key: 'place-1' },
  { kind: 'place', userId: 1, productId: 500, key: 'place-2' },
  { kind: 'place', userId: 2, productId: 999_999, key: 'place-3' },
  { kind: 'place', userId: 2, productId: -1, key: 'place-4' },
  { kind: 'place', userId: 2, productId: 2, key: 'place-1' },
  { kind: 'claim', userId: 1, couponId: HOT, key: 'claim-1', expected: 'issued' },
  { kind: 'claim', userId: 1, couponId: HOT, key: 'claim-2', expected: 'issued' },
  { kind: 'claim', userId: 2, couponId: HOT, key: 'claim-1', expected: 'issued' },
  { kind: 'claim', userId: 2, couponId: EXHAUSTED_COUPON, key: 'claim-3', expected: 'exhausted' },
  { kind: 'claim', userId: 2, couponId: 999_999, key: 'claim-4', expected: 'exhausted' },
];
const OPERATIONS: readonly Operation[] = [
  ...ONCE,
  ...ONCE.filter((operation) => 'key' in operation),
  // A key that was used for something else.
  { kind: 'place', userId: 1, productId: 2, key: 'place-1' },
  { kind: 'claim', userId: 1, couponId: HOT + 1, key: 'claim-1', expected: 'issued' },
];

/** What `ONCE` leaves in the books. */
const DONE = { add: 3, place: 3, claim: 2, refused: 5 };

/** Throws unless two servers answer alike, operation by operation, and leave the same rows behind. */
export async function assertSame(one: Stand, other: Stand): Promise<number> {
  for (const stand of [one, other]) stand.count(DONE);
  const [answers, otherAnswers] = [await answersOf(one), await answersOf(other)];
  for (const [index, operation] of OPERATIONS.entries()) {
    assertAlike(`Answers to ${JSON.stringify(operation)}`, [one, answers[index]], [other, otherAnswers[index]]);
  }
  for (const stand of [one, other]) {
    await stand.settle();
    await stand.check();
  }
  const [rows, otherRows] = [await changedRows(one.databaseUrl), await changedRows(other.databaseUrl)];
  for (const [table, ours] of rows) assertAlike(`Rows of ${table}`, [one, ours], [other, otherRows.get(table)]);
  return OPERATIONS.length;
}

type Side = readonly [Stand, unknown];

function assertAlike(what: string, [one, ours]: Side, [other, theirs]: Side): void {
  if (isDeepStrictEqual(ours, theirs)) return;
  throw new Error(`${what} differ.\n${one.name}: ${JSON.stringify(ours)}\n${other.name}: ${JSON.stringify(theirs)}`);
}

async function answersOf(stand: Stand): Promise<unknown[]> {
  const connection = new Connection(stand.origins[0] ?? '');
  const byKey = new Map<string, unknown>();
  const answers: unknown[] = [];
  for (const operation of OPERATIONS) {
    const request = WIRES[stand.name].request([operation], tokenOf);
    const { status, body } = await connection.ask(request);
    const answer = plainAnswer(stand.name, JSON.parse(body.toString()));
    const call = JSON.stringify(operation);
    const before = byKey.get(call);
    if ('key' in operation && before !== undefined && !isDeepStrictEqual(before, answer)) {
      throw new Error(`${stand.name} answered ${call} otherwise the second time: ${body.toString()}`);
    }
    byKey.set(call, answer);
    answers.push({
      status,
      answer: operation.kind === 'browse' || operation.kind === 'read' ? answer : masked(answer),
    });
  }
  connection.close();
  return answers;
}

/** What a body says, without the wire around it: the answer itself, or the reason of the refusal. */
function plainAnswer(wire: WireName, body: unknown): unknown {
  const [call] = Array.isArray(body) ? body : [body];
  if (wire !== 'baguni') return 'error' in call ? call.error.reason : call;
  return 'error' in call ? call.error.json.data.reason : call.result.data.json;
}
