import { setTimeout as pause } from 'node:timers/promises';
import { endingOf } from '../calls/answers.ts';
import { jobOf } from '../calls/jobs.ts';
import { WIRES } from '../calls/wires.ts';
import { tokenOf } from '../shop/tokens.ts';
import { quantile } from '../statistics.ts';
import { Connection } from './connection.ts';
import { connectMany } from './crowd.ts';
import type { FloodResult, OpenLoop } from './messages.ts';

/** What a client's machine can hold open. Who is due when all are busy is counted as not sent. */
const CONNECTIONS_MAX = 4_000;
const TICK_MS = 5;

/** Asks at a fixed rate, whether or not it is answered: what a crowd does that nobody has told to wait. */
export async function runOpenLoop(order: OpenLoop): Promise<FloodResult> {
  const { origins, perSecond, seconds } = order;
  const wire = WIRES[order.wire];
  const job = jobOf(order.job);
  const cpuBefore = process.cpuUsage();
  const all = order.isConnected ? await connectMany(origins, CONNECTIONS_MAX) : [];
  const free = [...all];
  const latencies = { done: [] as number[], overloaded: [] as number[] };
  const operations: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  let [turn, unsent, failed, doneInTime] = [order.fromTurn, 0, 0, 0];
  let failure: string | undefined;

  const start = performance.now();
  const end = start + seconds * 1000;

  const take = (): Connection | undefined => {
    const known = free.pop();
    if (known || all.length >= CONNECTIONS_MAX) return known;
    const added = new Connection(origins[all.length % origins.length] ?? '');
    all.push(added);
    return added;
  };
  const ask = async (connection: Connection, due: number): Promise<void> => {
    const operation = job(turn++);
    try {
      const ending = endingOf([operation], await connection.ask(wire.request([operation], tokenOf)));
      const answered = performance.now();
      latencies[ending === 'overloaded' ? 'overloaded' : 'done'].push(answered - due);
      if (ending === 'done') operations[operation.kind] = (operations[operation.kind] ?? 0) + 1;
      if (ending !== 'overloaded' && answered <= end) doneInTime++;
    } catch (error) {
      failed++;
      failure ??= error instanceof Error ? error.message : String(error);
    }
    free.push(connection);
  };

  let asked = 0;
  for (let now = start; now < end; now = performance.now()) {
    for (const dueCount = ((now - start) * perSecond) / 1000; asked < dueCount; asked++) {
      const connection = take();
      if (!connection) {
        unsent++;
        continue;
      }
      const due = start + (asked * 1000) / perSecond;
      const asking = ask(connection, due).finally(() => underWay.delete(asking));
      underWay.add(asking);
    }
    await pause(TICK_MS);
  }
  await Promise.all(underWay);
  for (const connection of all) connection.close();

  const cpu = process.cpuUsage(cpuBefore);

  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  const [done, overloaded] = [sorted(latencies.done), sorted(latencies.overloaded)];
  return {
    asked,
    done: done.length,
    overloaded: overloaded.length,
    failed,
    unsent,
    failure,
    operations,
    donePerSecond: doneInTime / seconds,
    doneP50Ms: quantile(done, 0.5),
    overloadedP50Ms: quantile(overloaded, 0.5),
    overloadedP99Ms: quantile(overloaded, 0.99),
    generatorCpuMs: (cpu.user + cpu.system) / 1000,
  };
}
