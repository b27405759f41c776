import { DEFAULT_SETTINGS } from '@baguni/db';
import { checkAudit } from '../books.ts';
import { JOB_LABELS, type JobName } from '../calls/jobs.ts';
import { Generator } from '../generator/generator.ts';
import { atMost } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { LISTING_CUSTOMERS } from '../shop/size.ts';
import { type Measurement, Stand } from '../stand.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { assertFullPages } from './full-pages.ts';
import { addOrders } from './orders.ts';

const SIZES = [1_000, 100_000, 1_000_000];
// Placing comes last: it makes the smallest shop larger.
const JOBS = ['browse', 'orders', 'all-orders', 'best-sellers', 'place-spread'] as const satisfies readonly JobName[];
const CONNECTIONS = 64;
/** A server runs for weeks; what it does before its code is compiled does not count. */
const WARM_UP_SECONDS = 3;
/** How many times as much a call may cost in the largest shop. */
const RATIO_MAX = 1.5;

interface SizeResult {
  readonly orders: number;
  readonly perSecond: Spread;
  readonly p50Ms: Spread;
  readonly serverCpuMs: Spread | undefined;
  readonly databaseCpuMs: Spread | undefined;
}

interface GrowthResult {
  readonly job: JobName;
  readonly bySize: readonly SizeResult[];
  /** What a call costs in the largest shop for each time it costs in the smallest, round by round. */
  readonly ratio: Spread;
}

interface ShopOfSize {
  readonly orders: number;
  readonly stand: Stand;
}

/** Whether calls cost more when the shop has been open for long. */
export async function benchGrowth({ seconds, rounds, orders: sizes = SIZES, say }: BenchOptions): Promise<Report> {
  const measuring = JOBS.length * sizes.length * (WARM_UP_SECONDS + rounds * (seconds + 0.5));
  const all = sizes.reduce((sum, orders) => sum + orders, 0);
  say(`growth: ${sizes.join(', ')} orders, about ${Math.ceil((measuring + all / 5_000 + 30) / 60)} minutes`);

  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  await using stack = new AsyncDisposableStack();
  const template = await createShop(postgres.postgres);
  const shops: ShopOfSize[] = [];
  for (const orders of sizes) {
    const start = performance.now();
    const databaseUrl = await postgres.postgres.createDatabase(template);
    await addOrders(databaseUrl, orders, DEFAULT_SETTINGS.timeZone);
    const stand = await Stand.open('baguni', { databaseUrl, postgres, generator });
    stack.use(stand);
    stand.count({ loaded: orders });
    await assertFullPages(stand);
    shops.push({ orders, stand });
    say(`${orders} orders are loaded, in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
  }

  const results: GrowthResult[] = [];
  for (const job of JOBS) {
    const result = await measureJob(job, shops, { seconds, rounds });
    results.push(result);
    say(`${job}: ${result.ratio.median.toFixed(2)}`);
  }
  for (const { stand } of shops) {
    await stand.check();
    await checkAudit(stand.databaseUrl);
  }
  const goals = results.map(({ job, ratio }) =>
    atMost(`${JOB_LABELS[job]}, cost from the smallest shop to the largest`, RATIO_MAX, { value: ratio, digits: 2 }),
  );
  return { text: reportText(results), figures: { settings: postgres.settings, results }, goals };
}

async function measureJob(
  job: (typeof JOBS)[number],
  shops: readonly ShopOfSize[],
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<GrowthResult> {
  const scenario = { job, connections: CONNECTIONS, processes: 1, callsPerRequest: 1 };
  const measured = shops.map(({ orders, stand }) => ({ orders, stand, measurements: [] as Measurement[] }));
  for (const { stand } of shops) {
    await stand.measure(scenario, WARM_UP_SECONDS);
    await stand.settle();
  }
  for (let round = 0; round < rounds; round++) {
    // Who goes first finds the machine as another left it, so they take turns.
    for (const { stand, measurements } of round % 2 === 0 ? measured : measured.toReversed()) {
      measurements.push(await stand.measure(scenario, seconds));
      await stand.settle();
    }
  }
  const [smallest, largest] = [measured.at(0)?.measurements ?? [], measured.at(-1)?.measurements ?? []];
  return {
    job,
    bySize: measured.map(({ orders, measurements }) => sizeResultOf(orders, measurements)),
    ratio: spreadOf(smallest.map(({ perSecond }, round) => perSecond / (largest[round]?.perSecond ?? Number.NaN))),
  };
}

function sizeResultOf(orders: number, measurements: readonly Measurement[]): SizeResult {
  const spreadIfKnown = (value: (measurement: Measurement) => number | undefined) => {
    const values = measurements.map(value).filter((each) => each !== undefined);
    return values.length > 0 ? spreadOf(values) : undefined;
  };
  return {
    orders,
    perSecond: spreadOf(measurements.map(({ perSecond }) => perSecond)),
    p50Ms: spreadOf(measurements.map(({ p50Ms }) => p50Ms)),
    serverCpuMs: spreadIfKnown(({ serverCpuMs }) => serverCpuMs),
    databaseCpuMs: spreadIfKnown(({ databaseCpuMs }) => databaseCpuMs),
  };
}

function reportText(results: readonly GrowthResult[]): string {
  const sizes = results[0]?.bySize.map(({ orders }) => orders.toLocaleString('en')) ?? [];
  const heads = ['job', ...sizes, 'cost ratio', 'min–max', `≤ ${RATIO_MAX}`, 'server CPU ms', 'Postgres CPU ms'];
  const rows = results.map(({ job, bySize, ratio }) => [
    job,
    ...bySize.map(({ perSecond }) => perSecond.median.toFixed(0)),
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
    ratio.median <= RATIO_MAX ? 'holds' : 'does not hold',
    cpuCell(bySize.map(({ serverCpuMs }) => serverCpuMs)),
    cpuCell(bySize.map(({ databaseCpuMs }) => databaseCpuMs)),
  ]);
  return [
    'Calls per second in shops with so many orders before the run, one placed every ten seconds; all else is the same.',
    `${CONNECTIONS} connections; medians; cost ratio: largest ÷ smallest, round by round; CPU of a call: smallest → largest.`,
    '',
    table(heads, rows),
    '',
    `orders is the list of one of the same ${LISTING_CUSTOMERS} customers in every shop, all-orders is the admin's; every page is full.`,
    'Checked: every answered order is there once; the audit of every shop is clean.',
  ].join('\n');
}

function cpuCell(spreads: readonly (Spread | undefined)[]): string {
  const [smallest, largest] = [spreads.at(0), spreads.at(-1)];
  return smallest && largest ? `${smallest.median.toFixed(3)} → ${largest.median.toFixed(3)}` : '–';
}
