import { relayEvents } from './events/relay.ts';
import { sequenceEvents } from './events/sequence.ts';
import { sweepExpiredOrders } from './orders/sweep.ts';
import { reconcilePayments } from './reconcile.ts';
import type { Shop } from './shop.ts';

/** Work that the shop does by itself, again and again. */
interface Job {
  readonly name: string;
  /** One bounded round, safe in any number of processes at once; tells how much it did. */
  readonly run: (shop: Shop) => Promise<number>;
}

const JOBS: readonly Job[] = [
  { name: 'sweepExpiredOrders', run: sweepExpiredOrders },
  { name: 'sequenceEvents', run: sequenceEvents },
  { name: 'relayEvents', run: relayEvents },
  { name: 'reconcilePayments', run: reconcilePayments },
];

/** How long a job rests when there was nothing to do. */
const INTERVAL_MS = 1_000;

export interface JobOptions {
  /** A failed round is reported here; the job goes on. */
  readonly onError: (failure: { job: string; error: unknown }) => void;
  /** How long a job rests when there was nothing to do, in milliseconds; 1,000 unless said otherwise. */
  readonly intervalMs?: number;
  readonly jobs?: readonly Job[];
}

/** Jobs that are running. */
export interface RunningJobs {
  /** Starts no further round, and settles once those under way have ended. */
  stop(): Promise<void>;
}

/** Runs each job round after round, none beside itself. A process that has nothing else to do is not kept alive by it. */
export function startJobs(shop: Shop, { onError, intervalMs = INTERVAL_MS, jobs = JOBS }: JobOptions): RunningJobs {
  const running = jobs.map((job) => repeat(job, shop, { onError, intervalMs }));
  return {
    stop: async () => {
      await Promise.all(running.map(({ stop }) => stop()));
    },
  };
}

function repeat(
  { name, run }: Job,
  shop: Shop,
  { onError, intervalMs }: Required<Pick<JobOptions, 'onError' | 'intervalMs'>>,
): RunningJobs {
  let isStopped = false;
  let pause: NodeJS.Timeout | undefined;
  let round = Promise.resolve();

  const runRound = async () => {
    let done = 0;
    try {
      done = await run(shop);
    } catch (error) {
      onError({ job: name, error });
    }
    // What was done may have been a full round: there may be more, so do not rest.
    if (!isStopped) rest(done > 0 ? 0 : intervalMs);
  };
  const rest = (ms: number) => {
    pause = setTimeout(() => {
      round = runRound();
    }, ms).unref();
  };
  rest(0);
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(pause);
      await round;
    },
  };
}
