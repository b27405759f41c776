import type { Operation } from '../calls/operation.ts';
import { PAGE_SIZE } from '../calls/operation.ts';
import { WIRES } from '../calls/wires.ts';
import { Connection } from '../generator/connection.ts';
import { LISTING_CUSTOMERS } from '../shop/size.ts';
import { tokenOf } from '../shop/tokens.ts';
import type { Stand } from '../stand.ts';

const LISTS: readonly Operation[] = [
  { kind: 'browse' },
  { kind: 'all-orders' },
  ...Array.from({ length: LISTING_CUSTOMERS }, (_, index) => ({ kind: 'orders', userId: index + 1 }) as const),
];

/** Throws unless every list that is asked for fills its page, so that shops differ in what they hold and not in what they answer. */
export async function assertFullPages(stand: Stand): Promise<void> {
  const connection = new Connection(stand.origins[0] ?? '');
  for (const list of LISTS) {
    const { body } = await connection.ask(WIRES[stand.name].request([list], tokenOf));
    const [answer] = JSON.parse(body.toString());
    const { items, nextCursor } = answer.result.data.json;
    if (items.length === PAGE_SIZE && nextCursor !== null) continue;
    throw new Error(
      `${JSON.stringify(list)} was answered ${items.length} items, and not a full page with more after it.`,
    );
  }
  connection.close();
}
