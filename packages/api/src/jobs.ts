import { nextDeliveryAt, relayEvents } from './events/relay.ts';
import { EVENTS_SEQUENCED_MAX, isSequenced, sequenceEvents } from './events/sequence.ts';
import { nextExpiryAt, sweepExpiredOrders } from './orders/sweep.ts';
import { nextInquiryAt, reconcilePayments } from './reconcile.ts';
import type { Shop } from './shop.ts';

/** Work that the shop does by itself, again and again. */
interface Job {
  readonly name: string;
  /** One bounded round, safe in any number of processes at once; tells how much it did. */
  readonly run: (shop: Shop) => Promise<number>;
  /**
   * How much one round does at most. A job that names it rests a little after a smaller round, so that the next one finds
   * more to do at once; any other goes on until nothing is left.
   */
  readonly roundSize?: number;
  /** The first moment after this one at which time alone gives it work; left out of a job that never waits for time. */
  readonly nextDueAt?: (shop: Shop, after: Date) => Promise<Date | undefined>;
}

const JOBS: readonly Job[] = [
  { name: 'sweepExpiredOrders', run: sweepExpiredOrders, nextDueAt: nextExpiryAt },
  { name: 'sequenceEvents', run: sequenceEvents, roundSize: EVENTS_SEQUENCED_MAX },
  { name: 'relayEvents', run: relayEvents, nextDueAt: nextDeliveryAt },
  { name: 'reconcilePayments', run: reconcilePayments, nextDueAt: nextInquiryAt },
];

/** How many rounds of all jobs what is due at one moment may take. */
const ROUNDS_MAX = 1_000;

/** Runs every job until none finds anything left to do now; gives how much they did. For those who move time themselves. */
export async function runDueJobs(shop: Shop): Promise<number> {
  let done = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let doneNow = 0;
    for (const { run } of JOBS) doneNow += await run(shop);
    done += doneNow;
    // Another process may be publishing at this moment; what it publishes is to be sent as well.
    if (doneNow === 0 && (await isSequenced(shop))) return done;
  }
  throw new Error(`The jobs found work in each of ${ROUNDS_MAX} rounds at one moment.`);
}

/** The first moment after this one at which a job has work, if nothing else happens until then. */
export async function nextJobAt(shop: Shop, after: Date): Promise<Date | undefined> {
  const moments = await Promise.all(JOBS.map(({ nextDueAt }) => nextDueAt?.(shop, after)));
  return moments.reduce((first, moment) => (first && (!moment || first <= moment) ? first : moment), undefined);
}

/** How long a job rests when there was nothing to do. */
const INTERVAL_MS = 1_000;
/** How long it rests at most after a round that was not full. */
const CAUGHT_UP_MS = 100;

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
  { name, run, roundSize = 0 }: Job,
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
    if (!isStopped) rest(restMs(done));
  };
  const restMs = (done: number) => {
    if (done === 0) return intervalMs;
    return done < roundSize ? Math.min(CAUGHT_UP_MS, intervalMs) : 0;
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
