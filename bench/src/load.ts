import { quantile } from './statistics.ts';

/** What a number of callers got done, each of them asking again as soon as it is answered. */
export interface Load {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of this process for each call, its load generator included. */
  readonly cpuMs: number;
}

export async function runLoad(callers: number, seconds: number, call: () => Promise<unknown>): Promise<Load> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  const caller = async () => {
    for (let asked = performance.now(); asked < end; ) {
      await call();
      const answered = performance.now();
      latencies.push(answered - asked);
      asked = answered;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);

  const calls = latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    calls,
    perSecond: (calls * 1000) / elapsed,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuMs: (cpu.user + cpu.system) / 1000 / calls,
  };
}
