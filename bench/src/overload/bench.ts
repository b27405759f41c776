import { Generator } from '../generator/generator.ts';
import { atLeast, atMost, type Goal } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { type Flood, Stand } from '../stand.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';

/** How much more is asked for than can be done. */
const TIMES_PEAK = 10;
const FLOOD_SECONDS = 5;
const PEAK_SECONDS = 2;
/** How long it may take to be as fast as before. */
const RECOVERY_MAX_SECONDS = 10;
const RECOVERED = 0.9;
/** What the goals are. */
const GOODPUT_MIN = 80;
const REFUSED_IN_MAX_MS = 50;
const RECOVERED_IN_MAX_SECONDS = 5;
const SCENARIO = { job: 'place-spread', connections: 64, processes: 1, callsPerRequest: 1 } as const;

/** The crowds: one that comes from outside and has to connect first, and one that a proxy keeps connections for. */
const CROWDS = { arriving: { isConnected: false }, connected: { isConnected: true } } as const;

type CrowdName = keyof typeof CROWDS;

const LABELS: Readonly<Record<CrowdName, string>> = {
  arriving: 'from new connections',
  connected: 'from connections that are there',
};

/** What a crowd ten times too large leaves of what the server can do. */
interface Flooded {
  readonly peakPerSecond: number;
  readonly flood: Flood;
  /** Seconds after the crowd until orders are placed as fast as before. */
  readonly recoverySeconds: number;
}

type Results = Readonly<Record<CrowdName, readonly Flooded[]>>;

/** Orders in an open loop, ten times as many as the server can place. */
export async function benchOverload({ seconds, rounds, say }: BenchOptions): Promise<Report> {
  const floodSeconds = Math.max(FLOOD_SECONDS, seconds);
  say(`overload: about ${Math.ceil((rounds * (floodSeconds * 2 + PEAK_SECONDS * 2 + 8) + 30) / 60)} minutes`);
  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  const databaseUrl = await postgres.postgres.createDatabase(await createShop(postgres.postgres));
  await using stand = await Stand.open('baguni', { databaseUrl, postgres, generator });

  await stand.measure(SCENARIO, floodSeconds);
  await stand.settle();
  await stand.analyze();
  const results: Record<CrowdName, Flooded[]> = { arriving: [], connected: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ['arriving', 'connected'] as const) {
      results[name].push(await flooded(stand, name, floodSeconds));
    }
  }
  const failed = Object.values(results)
    .flat()
    .some(({ flood }) => flood.failed > 0);
  if (!failed) await stand.check();
  return { text: reportText(results), figures: { settings: postgres.settings, results }, goals: goalsOf(results) };
}

async function flooded(stand: Stand, crowd: CrowdName, seconds: number): Promise<Flooded> {
  const { perSecond: peakPerSecond } = await stand.measure(SCENARIO, PEAK_SECONDS);
  await stand.settle();
  const perSecond = Math.round(peakPerSecond * TIMES_PEAK);
  const flood = await stand.flood({ job: SCENARIO.job, perSecond, ...CROWDS[crowd] }, seconds);
  const recoverySeconds = await recovery(stand, peakPerSecond);
  await stand.settle();
  return { peakPerSecond, flood, recoverySeconds };
}

/** Looks second by second until orders are placed as fast as before. */
async function recovery(stand: Stand, peakPerSecond: number): Promise<number> {
  for (let second = 1; second <= RECOVERY_MAX_SECONDS; second++) {
    const { perSecond } = await stand.measure(SCENARIO, 1);
    if (perSecond >= peakPerSecond * RECOVERED) return second;
  }
  return Number.POSITIVE_INFINITY;
}

function goalsOf(results: Results): Goal[] {
  return (['arriving', 'connected'] as const).flatMap((name) => {
    const spread = (value: (flooded: Flooded) => number) => spreadOf(results[name].map(value));
    const refusedInMs = spread(({ flood }) => flood.overloadedP50Ms);
    const recoverySeconds = spread((flooded) => flooded.recoverySeconds);
    return [
      atLeast(`ten times too many orders, ${LABELS[name]}: still done, of the peak`, GOODPUT_MIN, {
        value: spread(goodput),
        unit: '%',
      }),
      atMost('and the others refused in, p50', REFUSED_IN_MAX_MS, { value: refusedInMs, unit: 'ms' }),
      atMost('and as fast as before after', RECOVERED_IN_MAX_SECONDS, { value: recoverySeconds, unit: 's' }),
    ];
  });
}

/** Orders in the crowd, in percent of the peak. */
function goodput({ flood, peakPerSecond }: Flooded): number {
  return (flood.donePerSecond / peakPerSecond) * 100;
}

function reportText({ arriving, connected }: Results): string {
  const row = (what: string, value: (flooded: Flooded) => number, digits = 0) => [
    what,
    rangeOf(spreadOf(arriving.map(value)), digits),
    rangeOf(spreadOf(connected.map(value)), digits),
  ];
  const busy = (who: keyof Flood['processors']) =>
    row(`processors that it kept busy: ${who}`, ({ flood }) => flood.processors[who] ?? Number.NaN, 2);
  const rows = [
    row('peak before, closed loop, 64 connections, orders/s', ({ peakPerSecond }) => peakPerSecond),
    row('asked for, open loop, in all', ({ flood }) => flood.asked),
    row('of those due with no free connection', ({ flood }) => flood.unsent),
    row('done meanwhile, orders/s', ({ flood }) => flood.donePerSecond),
    row('done meanwhile, % of the peak', goodput),
    row('done in all', ({ flood }) => flood.done),
    row('done in, p50 ms', ({ flood }) => flood.doneP50Ms),
    row('refused as retryable', ({ flood }) => flood.overloaded),
    row('refused in, p50 ms', ({ flood }) => flood.overloadedP50Ms),
    row('refused in, p99 ms', ({ flood }) => flood.overloadedP99Ms),
    row('failed otherwise', ({ flood }) => flood.failed),
    busy('server'),
    busy('database'),
    busy('generator'),
    row('as fast as before after, s', ({ recoverySeconds }) => recoverySeconds),
  ];
  const [failure] = [...arriving, ...connected].flatMap(({ flood }) => flood.failure ?? []);
  return [
    `Orders spread over all products, ${TIMES_PEAK} times as many as the server can place. The first crowd has to connect while it asks;`,
    'the second one has its 4,000 connections beforehand. The generator and Postgres share the processors with the server.',
    '',
    table(['', 'arriving', 'connected'], rows),
    ...(failure === undefined ? [] : ['', `Failed: ${failure.slice(0, 200)}`]),
  ].join('\n');
}

function rangeOf({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
