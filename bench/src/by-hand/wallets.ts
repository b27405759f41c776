import type pg from 'pg';
import { many } from './database.ts';
import { Refusal } from './refusal.ts';

const readHistory = {
  name: 'read-history',
  text: `select id, user_id as "userId", type, amount, balance_after as "balanceAfter", order_id as "orderId", reason,
      created_at as "createdAt", sequence
    from point_entries where user_id = $1 and sequence < $2 order by sequence desc limit $3`,
};

interface EntryRow {
  id: number;
  createdAt: Date;
  sequence: number;
}

/** A page of a wallet's entries, newest first. */
export async function readWalletHistory(pool: pg.Pool, userId: number, limit: number, cursor: string | undefined) {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : sequenceOf(cursor);
  const rows = await many<EntryRow>(pool, readHistory, [userId, before, limit + 1]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ sequence: _, ...entry }) => entry),
    nextCursor: last && rows.length > limit ? cursorOf(last) : null,
  };
}

function cursorOf({ createdAt, sequence }: EntryRow): string {
  return Buffer.from(`newest.${createdAt.getTime()}.${sequence}`).toString('base64url');
}

function sequenceOf(cursor: string): number {
  const sequence = /^newest\.\d{1,16}\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (sequence === undefined) throw new Refusal(400, 'INPUT_INVALID', 'cursor: Is not one of a list.');
  return Number(sequence);
}
