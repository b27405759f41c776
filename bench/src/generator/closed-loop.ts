import { endingOf } from '../calls/answers.ts';
import { jobOf } from '../calls/jobs.ts';
import { WIRES } from '../calls/wires.ts';
import { tokenOf } from '../shop/tokens.ts';
import { quantile } from '../statistics.ts';
import type { Connection } from './connection.ts';
import { connectMany } from './crowd.ts';
import type { ClosedLoop, LoadResult } from './messages.ts';

/** Asks on every connection again as soon as it is answered, until the time is over or the turns are used up. */
export async function runClosedLoop(order: ClosedLoop): Promise<LoadResult> {
  const { origins, connections, seconds, turnsMax = Number.POSITIVE_INFINITY, callsPerRequest } = order;
  const wire = WIRES[order.wire];
  const job = jobOf(order.job);
  // Connecting is not what is measured.
  const lines = await connectMany(origins, connections);

  const latencies: number[] = [];
  const operations: Record<string, number> = {};
  let turn = order.fromTurn;
  let refused = 0;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  const turnEnd = order.fromTurn + turnsMax;
  const caller = async (line: Connection) => {
    for (let asked = start; asked < end && turn < turnEnd; ) {
      const batch = Array.from({ length: callsPerRequest }, () => job(turn++));
      const ending = endingOf(batch, await line.ask(wire.request(batch, tokenOf)));
      if (ending === 'overloaded') throw new Error(`${connections} connections were too many for ${order.wire}.`);
      const answered = performance.now();
      latencies.push(answered - asked);
      asked = answered;
      if (ending === 'refused') refused += batch.length;
      else for (const { kind } of batch) operations[kind] = (operations[kind] ?? 0) + 1;
    }
  };
  await Promise.all(lines.map(caller));
  const elapsed = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  for (const line of lines) line.close();

  const calls = turn - order.fromTurn;
  latencies.sort((a, b) => a - b);
  return {
    calls,
    refused,
    operations,
    perSecond: (calls * 1000) / elapsed,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    generatorCpuMs: (cpu.user + cpu.system) / 1000 / calls,
  };
}
