import type { Pool } from 'pg';
import { processCpuMs, processName } from './process-figures.ts';

/** The processor time that the server's processes have used, where it runs on this machine and the machine is a Linux. */
export class ServerCpu {
  readonly #admin: Pool;

  constructor(admin: Pool) {
    this.#admin = admin;
  }

  /** Milliseconds that the server spent while something ran; undefined where that cannot be known. */
  async during<Result>(run: () => Promise<Result>): Promise<{ result: Result; serverMs: number | undefined }> {
    const before = await this.#byProcess();
    const result = await run();
    const after = await this.#byProcess();
    if (after.size === 0) return { result, serverMs: undefined };
    const serverMs = [...after].reduce((sum, [pid, spent]) => sum + spent - (before.get(pid) ?? 0), 0);
    return { result, serverMs };
  }

  async #byProcess(): Promise<Map<number, number>> {
    const { rows } = await this.#admin.query<{ pid: number }>('select pid from pg_stat_activity');
    const spent = await Promise.all(rows.map(async ({ pid }) => [pid, await millisecondsOf(pid)] as const));
    return new Map(spent.filter((entry): entry is [number, number] => entry[1] !== undefined));
  }
}

async function millisecondsOf(pid: number): Promise<number | undefined> {
  return (await processName(pid)) === 'postgres' ? processCpuMs(pid) : undefined;
}
