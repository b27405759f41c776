import { Generator } from '../generator/generator.ts';
import type { FloodResult } from '../generator/messages.ts';
import { atLeast, atMost, type Goal } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { Stand } from '../stand.ts';
import { quantile } from '../statistics.ts';
import { table } from '../table.ts';

/** How much more is asked for than can be done. */
const TIMES_PEAK = 10;
const FLOOD_SECONDS = 5;
/** How long it may take to be as fast as before. */
const RECOVERY_MAX_SECONDS = 10;
const RECOVERED = 0.9;
/** What the goals are. */
const GOODPUT_MIN = 80;
const REFUSED_IN_MAX_MS = 50;
const RECOVERED_IN_MAX_SECONDS = 5;
const SCENARIO = { job: 'place-spread', connections: 64, processes: 1, callsPerRequest: 1 } as const;

/** What a crowd ten times too large leaves of what the server can do. */
interface OverloadResult {
  readonly peakPerSecond: number;
  readonly askedPerSecond: number;
  readonly flood: FloodResult;
  /** Orders per second in the crowd, for each one at the peak. */
  readonly goodput: number;
  /** Seconds after the crowd until orders are placed as fast as before; undefined when that was not seen. */
  readonly recoverySeconds: number | undefined;
}

/** Orders in an open loop, ten times as many as the server can place. */
export async function benchOverload({ seconds, rounds, say }: BenchOptions): Promise<Report> {
  const floodSeconds = Math.max(FLOOD_SECONDS, seconds);
  say(`overload: about ${Math.ceil((rounds * seconds + floodSeconds + RECOVERY_MAX_SECONDS + 30) / 60)} minutes`);
  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  const databaseUrl = await postgres.postgres.createDatabase(await createShop(postgres.postgres));
  await using stand = await Stand.open('baguni', { databaseUrl, postgres, generator });

  await stand.measure(SCENARIO, seconds);
  await stand.settle();
  await stand.analyze();
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    peaks.push((await stand.measure(SCENARIO, seconds)).perSecond);
    await stand.settle();
  }
  const peakPerSecond = quantile(
    peaks.toSorted((a, b) => a - b),
    0.5,
  );
  const askedPerSecond = Math.round(peakPerSecond * TIMES_PEAK);
  const flood = await stand.flood({ job: SCENARIO.job, perSecond: askedPerSecond }, floodSeconds);
  const recoverySeconds = await recovery(stand, peakPerSecond);
  await stand.settle();
  if (flood.failed === 0) await stand.check();

  const goodput = flood.donePerSecond / peakPerSecond;
  const result: OverloadResult = { peakPerSecond, askedPerSecond, flood, goodput, recoverySeconds };
  return { text: reportText(result), figures: { settings: postgres.settings, result }, goals: goalsOf(result) };
}

function goalsOf({ flood, goodput, recoverySeconds }: OverloadResult): Goal[] {
  return [
    atLeast('ten times too many orders: still done, of the peak', GOODPUT_MIN, { value: goodput * 100, unit: '%' }),
    atMost('and the others refused in, p50', REFUSED_IN_MAX_MS, { value: flood.overloadedP50Ms, unit: 'ms' }),
    atMost('and as fast as before after', RECOVERED_IN_MAX_SECONDS, {
      value: recoverySeconds ?? Number.POSITIVE_INFINITY,
      unit: 's',
    }),
  ];
}

/** Looks second by second until orders are placed as fast as before. */
async function recovery(stand: Stand, peakPerSecond: number): Promise<number | undefined> {
  for (let second = 1; second <= RECOVERY_MAX_SECONDS; second++) {
    const { perSecond } = await stand.measure(SCENARIO, 1);
    if (perSecond >= peakPerSecond * RECOVERED) return second;
  }
  return undefined;
}

function reportText({ peakPerSecond, askedPerSecond, flood, goodput, recoverySeconds }: OverloadResult): string {
  const rows = [
    ['peak, closed loop, 64 connections', `${peakPerSecond.toFixed(0)} orders/s`],
    ['asked for, open loop', `${askedPerSecond} orders/s`],
    ['done meanwhile', `${flood.donePerSecond.toFixed(0)} orders/s, ${(goodput * 100).toFixed(0)} % of the peak`],
    ['done in all, p50', `${flood.done}, ${flood.doneP50Ms.toFixed(0)} ms`],
    ['refused as retryable', `${flood.overloaded}`],
    [
      'refused in, p50 and p99',
      `${flood.overloaded === 0 ? 'none was' : `${flood.overloadedP50Ms.toFixed(0)} and ${flood.overloadedP99Ms.toFixed(0)} ms`}`,
    ],
    ['failed otherwise', `${flood.failed}${flood.failure === undefined ? '' : ` (${flood.failure.slice(0, 80)})`}`],
    ['due with no free connection', `${flood.unsent} of ${flood.asked}`],
    ['as fast as before after', recoverySeconds === undefined ? 'not seen' : `${recoverySeconds} s`],
  ];
  return [
    `Orders spread over all products, ${TIMES_PEAK} times as many as the server can place.`,
    '',
    table(['', ''], rows),
  ].join('\n');
}
