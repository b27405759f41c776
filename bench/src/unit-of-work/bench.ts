import { atLeast } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { ByHand } from './by-hand.ts';
import { reportText } from './report.ts';
import { type Job, type Measurement, Stand } from './stand.ts';
import { ThroughUnitOfWork } from './through-unit-of-work.ts';

const JOBS: readonly Job[] = (['spread', 'one'] as const).flatMap((products) =>
  [1, 16, 64, 256].map((callers) => ({ callers, products })),
);
/** A server runs for weeks; what it does before its code is compiled does not count. */
const WARM_UP_SECONDS = 2;

/** What several rounds of one job by one contender gave. */
export interface Figures {
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly cpuMs: Spread;
  readonly serverCpuMs: Spread | undefined;
  readonly statements: number | undefined;
}

export interface JobResult extends Job {
  readonly unitOfWork: Figures;
  readonly byHand: Figures;
  /** Orders per second through the unit of work for each one by hand, round by round. */
  readonly ratio: Spread;
}

/** Orders per second through the unit of work, beside the same orders in hand-written SQL. */
export async function benchUnitOfWork({ seconds, rounds, say }: BenchOptions): Promise<Report> {
  await using server = await BenchServer.start();
  const shop = await createShop(server.postgres);
  const [ours, theirs] = [await server.postgres.createDatabase(shop), await server.postgres.createDatabase(shop)];
  await using unitOfWork = new Stand(server, ours, await ThroughUnitOfWork.open(ours));
  await using byHand = new Stand(server, theirs, new ByHand(theirs));

  for (const stand of [unitOfWork, byHand]) {
    for (const callers of [1, 64]) await stand.measure({ callers, products: 'spread' }, WARM_UP_SECONDS);
    await stand.settle();
  }

  const results: JobResult[] = [];
  for (const job of JOBS) {
    const result = await runJob(job, [unitOfWork, byHand], { seconds, rounds });
    results.push(result);
    say(`${job.callers} callers, ${job.products}: ${result.ratio.median.toFixed(2)}`);
  }
  const goals = results
    .filter(({ callers, products }) => callers === 64 && products === 'spread')
    .map(({ ratio }) => atLeast('the unit of work alone, orders/s', 1, { value: ratio, digits: 2 }));
  return { text: reportText(results, server.settings), figures: { settings: server.settings, results }, goals };
}

async function runJob(
  job: Job,
  [unitOfWork, byHand]: readonly [Stand, Stand],
  { seconds, rounds: roundCount }: { seconds: number; rounds: number },
): Promise<JobResult> {
  // Counts statements, and warms up for this job on the way.
  const statements = [
    await unitOfWork.statementsPerOrder(job, seconds / 2),
    await byHand.statementsPerOrder(job, seconds / 2),
  ] as const;
  const rounds: { unitOfWork: Measurement; byHand: Measurement }[] = [];
  for (let round = 0; round < roundCount; round++) {
    // Who goes first finds the machine as the other left it, so they take turns.
    const isOurTurn = round % 2 === 0;
    const first = await (isOurTurn ? unitOfWork : byHand).measure(job, seconds);
    const second = await (isOurTurn ? byHand : unitOfWork).measure(job, seconds);
    rounds.push(isOurTurn ? { unitOfWork: first, byHand: second } : { unitOfWork: second, byHand: first });
  }
  await unitOfWork.check();
  await byHand.check();
  return {
    ...job,
    unitOfWork: figuresOf(
      rounds.map((round) => round.unitOfWork),
      statements[0],
    ),
    byHand: figuresOf(
      rounds.map((round) => round.byHand),
      statements[1],
    ),
    ratio: spreadOf(rounds.map((round) => round.unitOfWork.perSecond / round.byHand.perSecond)),
  };
}

function figuresOf(rounds: readonly Measurement[], statements: number | undefined): Figures {
  const serverCpu = rounds.flatMap(({ serverCpuMs }) => serverCpuMs ?? []);
  return {
    perSecond: spreadOf(rounds.map(({ perSecond }) => perSecond)),
    p50Ms: spreadOf(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: spreadOf(rounds.map(({ p99Ms }) => p99Ms)),
    cpuMs: spreadOf(rounds.map(({ cpuMs }) => cpuMs)),
    serverCpuMs: serverCpu.length > 0 ? spreadOf(serverCpu) : undefined,
    statements,
  };
}
