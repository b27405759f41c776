import { Connection } from './connection.ts';
import type { Idling, IdlingResult } from './messages.ts';

/** How many connections are opened at once. */
const OPENING = 100;

const open: Connection[] = [];

/** Opens or closes connections until there are so many, and leaves them idle. Asked for as many as there are, it only counts. */
export async function keepIdle({ origin, connections }: Idling): Promise<IdlingResult> {
  await Promise.all(open.splice(connections).map((connection) => connection.close()));
  while (open.length < connections) {
    const count = Math.min(OPENING, connections - open.length);
    const more = Array.from({ length: count }, () => new Connection(origin, { isIdle: true }));
    await Promise.all(more.map((connection) => connection.ask({ method: 'GET', path: '/healthz', headers: {} })));
    open.push(...more);
  }
  return { connected: open.filter((connection) => connection.isConnected).length };
}
