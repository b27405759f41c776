import { Connection } from './connection.ts';
import type { Idling, IdlingResult } from './messages.ts';

/** How many connections are opened at once. */
const OPENING = 100;

let open: Connection[] = [];

/** Opens connections and leaves them idle until this is called again. */
export async function startIdling({ origin, connections }: Idling): Promise<IdlingResult> {
  await Promise.all(open.map((connection) => connection.close()));
  open = [];
  while (open.length < connections) {
    const count = Math.min(OPENING, connections - open.length);
    const more = Array.from({ length: count }, () => new Connection(origin, { isIdle: true }));
    await Promise.all(more.map((connection) => connection.ask({ method: 'GET', path: '/healthz', headers: {} })));
    open.push(...more);
  }
  return { connected: open.filter((connection) => connection.isConnected).length };
}
