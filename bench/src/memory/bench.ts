import { setInterval } from 'node:timers/promises';
import { checkAudit } from '../books.ts';
import { Generator } from '../generator/generator.ts';
import { atMost, type Goal } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import type { Form } from '../servers/programs.ts';
import { createShop } from '../shop/create.ts';
import { Stand } from '../stand.ts';
import { table } from '../table.ts';
import { heapAfterCollection, TRACING } from './collections.ts';
import { growthPerMinute, type Sample, secondHalf } from './trend.ts';

const SCENARIO = { job: 'mixed', connections: 64, processes: 1, callsPerRequest: 1 } as const;
const WARM_UP_SECONDS = 2;
const SAMPLING_MS = 1_000;
const MEMORY_MAX_MB = 180;
const IDLE_CLIENTS = 10_000;
/** How long the server is asked beside the idle clients; it keeps an idle connection for longer than that. */
const BESIDE_IDLE_SECONDS = 10;

interface MemoryResult {
  readonly form: Form;
  readonly seconds: number;
  readonly perSecond: number;
  /** What the process holds, once a second. */
  readonly resident: readonly Sample[];
  /** The most that it held at any moment, in bytes. */
  readonly peak: number | undefined;
  /** What each full collection of garbage left. */
  readonly heap: readonly Sample[];
  readonly idle: IdleResult;
}

/** A crowd of clients that are connected and ask nothing. */
interface IdleResult {
  readonly clients: number;
  readonly connected: number;
  /** After the others were measured beside them. */
  readonly stillConnected: number;
  readonly seconds: number;
  readonly before: number | undefined;
  readonly with: number | undefined;
  /** Calls of the mixed traffic, 64 connections, without and beside them. */
  readonly perSecondBefore: number;
  readonly perSecondBeside: number;
}

/** Whether a server's memory grows while it works for long, and what clients cost that only stay connected. */
export async function benchMemory({ minutes, form, say }: BenchOptions): Promise<Report> {
  const seconds = minutes * 60;
  say(`memory: about ${Math.ceil(minutes + 2)} minutes`);
  await using postgres = await BenchServer.start();
  await using generator = new Generator();
  const databaseUrl = await postgres.postgres.createDatabase(await createShop(postgres.postgres));
  const heap: { at: number; bytes: number }[] = [];
  const onLine = (line: string) => {
    const bytes = heapAfterCollection(line);
    if (bytes !== undefined) heap.push({ at: performance.now(), bytes });
  };
  const server = { form, nodeFlags: [TRACING], onLine };
  await using stand = await Stand.open('baguni', { databaseUrl, postgres, generator, server });

  // Until the tables' rows are counted, Postgres goes by plans from when they were empty.
  await stand.measure(SCENARIO, WARM_UP_SECONDS);
  await stand.settle();
  await stand.analyze();

  const start = performance.now();
  const sampling = new AbortController();
  const sampled = sampleMemory(stand, start, sampling.signal);
  const { perSecond, memory: peak } = await stand.measure(SCENARIO, seconds);
  const end = performance.now();
  sampling.abort();
  const resident = await sampled;
  await stand.settle();

  const idle = await measureIdle(stand, generator);
  await stand.settle();
  await stand.check();
  await checkAudit(databaseUrl);
  const result: MemoryResult = {
    form,
    seconds,
    perSecond,
    resident,
    peak,
    heap: heap
      .filter(({ at }) => at >= start && at <= end)
      .map(({ at, bytes }) => ({ seconds: (at - start) / 1000, bytes })),
    idle,
  };
  return {
    text: reportText(result),
    figures: { settings: postgres.settings, result },
    goals: goalsOf(result),
    measured: `${seconds.toFixed(0)} s of load`,
  };
}

function goalsOf({ peak }: MemoryResult): Goal[] {
  if (peak === undefined) return [];
  return [atMost('memory of the server under load', MEMORY_MAX_MB, { value: peak / 2 ** 20, unit: 'MB' })];
}

async function sampleMemory(stand: Stand, start: number, signal: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  try {
    for await (const _ of setInterval(SAMPLING_MS, undefined, { signal })) {
      const bytes = await stand.memory();
      if (bytes !== undefined) samples.push({ seconds: (performance.now() - start) / 1000, bytes });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return samples;
}

async function measureIdle(stand: Stand, generator: Generator): Promise<IdleResult> {
  const { perSecond: perSecondBefore } = await stand.measure(SCENARIO, BESIDE_IDLE_SECONDS);
  const before = await stand.memory();
  const crowd = { origin: stand.origins[0] ?? '', connections: IDLE_CLIENTS };
  const start = performance.now();
  const { connected } = await generator.idling(crowd);
  const withThem = await stand.memory();
  const { perSecond: perSecondBeside } = await stand.measure(SCENARIO, BESIDE_IDLE_SECONDS);
  const { connected: stillConnected } = await generator.idling(crowd);
  const seconds = (performance.now() - start) / 1000;
  await generator.idling({ ...crowd, connections: 0 });
  return {
    clients: IDLE_CLIENTS,
    connected,
    stillConnected,
    seconds,
    before,
    with: withThem,
    perSecondBefore,
    perSecondBeside,
  };
}

function reportText({ form, seconds, perSecond, resident, peak, heap, idle }: MemoryResult): string {
  const from = { packed: 'the packed server, as it is installed', source: 'the server from its TypeScript sources' }[
    form
  ];
  const heads = ['MB', 'first', 'min', 'max', 'last', 'growth a minute, second half'];
  const rows = [
    ['RSS, once a second', ...memoryCells(resident, seconds)],
    [`heap after each of ${heap.length} full collections`, ...memoryCells(heap, seconds)],
  ];
  const idleRows = [
    ['connected', `${idle.connected} of ${idle.clients}`],
    [`still connected ${idle.seconds.toFixed(0)} s after the first`, `${idle.stillConnected}`],
    ['RSS before and with them', `${megabytes(idle.before)} and ${megabytes(idle.with)} MB`],
    [
      'calls/s of the mixed traffic without and beside them',
      `${idle.perSecondBefore.toFixed(0)} and ${idle.perSecondBeside.toFixed(0)}`,
    ],
  ];
  return [
    `${seconds.toFixed(0)} s of mixed traffic, ${SCENARIO.connections} connections, ${perSecond.toFixed(0)} calls/s; ${from}.`,
    `The most that the process held at any moment: ${megabytes(peak)} MB.`,
    '',
    table(heads, rows),
    '',
    'Clients that stay connected and ask nothing, afterwards on the same server.',
    '',
    table(['', ''], idleRows),
    '',
    'Checked: every answered change is in the books once; the audit is clean.',
  ].join('\n');
}

function memoryCells(samples: readonly Sample[], seconds: number): string[] {
  const bytes = samples.map((sample) => sample.bytes);
  const growth = growthPerMinute(secondHalf(samples, seconds));
  const [min, max] = bytes.length > 0 ? [Math.min(...bytes), Math.max(...bytes)] : [undefined, undefined];
  return [
    megabytes(bytes[0]),
    megabytes(min),
    megabytes(max),
    megabytes(bytes.at(-1)),
    growth === undefined ? '–' : (growth / 2 ** 20).toFixed(2),
  ];
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(0);
}
