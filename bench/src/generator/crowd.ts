import { Connection } from './connection.ts';

/** How many connections are opened at once. */
const OPENING = 100;

/** Opens connections, and has each of them asked once. */
export async function connectMany(origins: readonly string[], count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  while (connections.length < count) {
    const more = Array.from({ length: Math.min(OPENING, count - connections.length) }, (_, index) => {
      return new Connection(origins[(connections.length + index) % origins.length] ?? '');
    });
    await Promise.all(more.map((connection) => connection.ask({ method: 'GET', path: '/healthz', headers: {} })));
    connections.push(...more);
  }
  return connections;
}
