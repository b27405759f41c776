import type { Operation } from './operation.ts';

/** An answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

const ERROR = Buffer.from('"error"');
const EXHAUSTED = Buffer.from('COUPON_EXHAUSTED');
const OVERLOADED_STATUSES: readonly number[] = [429, 503];
/** A page of products or of orders takes more bytes than this on every wire. */
const PAGE_BYTES_MIN = 2_000;
const PAGES: readonly Operation['kind'][] = ['browse', 'orders', 'all-orders'];

/** How an answer ended: as it should, with the refusal that was expected, or turned away because there is too much to do. */
export type Ending = 'done' | 'refused' | 'overloaded';

/** Says how a request ended, and throws if that is not what these operations should get. */
export function endingOf(operations: readonly Operation[], answer: HttpAnswer): Ending {
  const { status, body } = answer;
  const [first] = operations;
  if (OVERLOADED_STATUSES.includes(status)) return 'overloaded';
  if (status === 409 && first?.kind === 'claim' && first.expected !== 'issued' && body.includes(EXHAUSTED)) {
    return 'refused';
  }
  const isShort = first && PAGES.includes(first.kind) && body.length < PAGE_BYTES_MIN * operations.length;
  const isRefusalMissed = first?.kind === 'claim' && first.expected === 'exhausted';
  if (status === 200 && !isShort && !isRefusalMissed && !body.includes(ERROR)) return 'done';
  throw new Error(`${JSON.stringify(first)} was answered ${status}: ${body.toString().slice(0, 500)}`);
}
