import { DEFAULT_SETTINGS } from '@baguni/db';
import { checkAudit } from '../books.ts';
import type { JobName } from '../calls/jobs.ts';
import { Generator } from '../generator/generator.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { createShop } from '../shop/create.ts';
import { Stand } from '../stand.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';
import { addOrders } from './orders.ts';

const SIZES = [1_000, 100_000];
const JOBS = ['place-spread', 'orders', 'browse', 'best-sellers'] as const satisfies readonly JobName[];
const CONNECTIONS = 64;
const IDLE_CLIENTS = 10_000;

interface GrowthResult {
  readonly job: JobName;
  readonly bySize: readonly { readonly orders: number; readonly perSecond: Spread; readonly p50Ms: Spread }[];
  /** What a call costs in the largest shop for each time it costs in the smallest, round by round. */
  readonly ratio: Spread;
}

/** What the server's memory does under load, in bytes. */
interface MemoryResult {
  readonly seconds: number;
  readonly samples: readonly (number | undefined)[];
  readonly idleClients: number;
  readonly withIdleClients: number | undefined;
}

/** Whether calls cost more when the shop has been open for long, and the server more when it has run for long. */
export async function benchGrowth(options: BenchOptions): Promise<Report> {
  const { seconds, rounds, minutes, say } = options;
  const sizes = options.orders === undefined ? SIZES : [...SIZES, options.orders];
  const measuring = JOBS.length * sizes.length * (rounds + 1) * (seconds + 0.5) + minutes * 60;
  say(`growth: ${sizes.join(', ')} orders, about ${Math.ceil((measuring + 60) / 60)} minutes`);

  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  await using stack = new AsyncDisposableStack();
  const template = await createShop(postgres.postgres);
  const stands: { orders: number; stand: Stand }[] = [];
  for (const orders of sizes) {
    const databaseUrl = await postgres.postgres.createDatabase(template);
    await addOrders(databaseUrl, orders, DEFAULT_SETTINGS.timeZone);
    const stand = await Stand.open('baguni', { databaseUrl, postgres, generator });
    stack.use(stand);
    stand.count({ loaded: orders });
    stands.push({ orders, stand });
    say(`${orders} orders are loaded.`);
  }

  const results: GrowthResult[] = [];
  for (const job of JOBS) results.push(await measureJob(job, stands, { seconds, rounds }));
  for (const { stand } of stands) {
    await stand.check();
    await checkAudit(stand.databaseUrl);
  }
  const [first] = stands;
  const memory = first && (await measureMemory(first.stand, generator, minutes));
  return { text: reportText(results, memory), figures: { settings: postgres.settings, results, memory } };
}

async function measureJob(
  job: (typeof JOBS)[number],
  stands: readonly { orders: number; stand: Stand }[],
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<GrowthResult> {
  const scenario = { job, connections: CONNECTIONS, processes: 1, callsPerRequest: 1 };
  const measured = stands.map(({ orders }) => ({ orders, perSecond: [] as number[], p50Ms: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { stand }] of stands.entries()) {
      const { perSecond, p50Ms } = await stand.measure(scenario, seconds);
      await stand.settle();
      // The first round warms up.
      if (round === 0) continue;
      measured[index]?.perSecond.push(perSecond);
      measured[index]?.p50Ms.push(p50Ms);
    }
  }
  const [smallest, largest] = [measured.at(0)?.perSecond ?? [], measured.at(-1)?.perSecond ?? []];
  return {
    job,
    bySize: measured.map(({ orders, perSecond, p50Ms }) => ({
      orders,
      perSecond: spreadOf(perSecond),
      p50Ms: spreadOf(p50Ms),
    })),
    ratio: spreadOf(smallest.map((rate, round) => rate / (largest[round] ?? Number.NaN))),
  };
}

async function measureMemory(stand: Stand, generator: Generator, minutes: number): Promise<MemoryResult> {
  const scenario = { job: 'mixed', connections: CONNECTIONS, processes: 1, callsPerRequest: 1 } as const;
  const steps = 12;
  const samples: (number | undefined)[] = [];
  for (let step = 0; step < steps; step++) {
    await stand.measure(scenario, (minutes * 60) / steps);
    samples.push(await stand.memory());
  }
  const origin = stand.origins[0] ?? '';
  const { connected } = await generator.idling({ origin, connections: IDLE_CLIENTS });
  const withIdleClients = await stand.memory();
  await generator.idling({ origin, connections: 0 });
  return { seconds: minutes * 60, samples, idleClients: connected, withIdleClients };
}

function reportText(results: readonly GrowthResult[], memory: MemoryResult | undefined): string {
  const sizes = results[0]?.bySize.map(({ orders }) => orders) ?? [];
  const heads = ['job', ...sizes.map((orders) => `calls/s at ${orders.toLocaleString('en')}`), 'cost ratio', 'min–max'];
  const rows = results.map(({ job, bySize, ratio }) => [
    job,
    ...bySize.map(({ perSecond }) => perSecond.median.toFixed(0)),
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
  ]);
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(0));
  return [
    `The same calls in shops with few and with many orders, ${CONNECTIONS} connections; cost ratio: largest ÷ smallest.`,
    '',
    table(heads, rows),
    ...(memory
      ? [
          '',
          `RSS in MB during ${memory.seconds} s of mixed traffic: ${memory.samples.map(megabytes).join(', ')}`,
          `RSS in MB with ${memory.idleClients.toLocaleString('en')} idle clients: ${megabytes(memory.withIdleClients)}`,
        ]
      : []),
  ].join('\n');
}
