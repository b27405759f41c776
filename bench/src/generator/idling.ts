import type { Connection } from './connection.ts';
import { connectMany } from './crowd.ts';
import type { Idling, IdlingResult } from './messages.ts';

const open: Connection[] = [];

/** Opens or closes connections until there are so many, and leaves them idle. Asked for as many as there are, it only counts. */
export async function keepIdle({ origin, connections }: Idling): Promise<IdlingResult> {
  for (const connection of open.splice(connections)) connection.close();
  open.push(...(await connectMany([origin], connections - open.length)));
  return { connected: open.filter((connection) => connection.isConnected).length };
}
