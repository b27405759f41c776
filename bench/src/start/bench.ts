import type { WireName } from '../calls/wires.ts';
import { WIRES } from '../calls/wires.ts';
import { Connection } from '../generator/connection.ts';
import { atMost } from '../goals.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { packedServer } from '../servers/packed.ts';
import { type StartOptions, startServer } from '../servers/programs.ts';
import { createShop } from '../shop/create.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';

interface Start {
  readonly milliseconds: number;
  readonly memory: number | undefined;
}

/** What is started. The server by hand has a source and nothing else. */
interface Subject {
  readonly label: string;
  readonly server: WireName;
  readonly options?: StartOptions;
}

const START_MAX_MS = 1_000;
const PACKED: Subject = { label: 'Baguni, packed', server: 'baguni', options: { form: 'packed' } };
const SUBJECTS: readonly Subject[] = [
  PACKED,
  { label: 'Baguni, from source', server: 'baguni', options: { form: 'source' } },
  { label: 'by hand, from source', server: 'by-hand' },
];

interface StartResult {
  readonly label: string;
  readonly milliseconds: Spread;
  /** In bytes, after the first answer. */
  readonly memory: Spread | undefined;
}

/** From starting a server on a shop that exists to its first answer from the database. */
export async function benchStart({ rounds, say }: BenchOptions): Promise<Report> {
  say('start: about a minute');
  // Packing it is no part of starting it.
  await packedServer();
  await using postgres = await BenchServer.start();
  const shop = await createShop(postgres.postgres);
  const databaseUrl = await postgres.postgres.createDatabase(shop);
  const measured = SUBJECTS.map((subject) => ({ subject, starts: [] as Start[] }));
  // The first of each reads the program from disk; it is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const { subject, starts } of measured) {
      const start = await startOnce(subject, databaseUrl);
      if (round > 0) starts.push(start);
    }
  }
  const results = measured.map(({ subject, starts }) => resultOf(subject.label, starts));
  const goals = results
    .filter(({ label }) => label === PACKED.label)
    .map(({ milliseconds }) =>
      atMost('from the start to the first answer', START_MAX_MS, { value: milliseconds, unit: 'ms' }),
    );
  return { text: reportText(results), figures: { results }, goals };
}

async function startOnce({ label, server, options }: Subject, databaseUrl: string): Promise<Start> {
  const began = performance.now();
  await using running = await startServer(server, databaseUrl, options);
  const connection = new Connection(running.origin);
  const { status } = await connection.ask(WIRES[server].request([{ kind: 'browse' }], () => ''));
  const milliseconds = performance.now() - began;
  if (status !== 200) throw new Error(`${label} answered ${status} first.`);
  connection.close();
  return { milliseconds, memory: (await running.memory())?.now };
}

function resultOf(label: string, starts: readonly Start[]): StartResult {
  const memory = starts.flatMap((start) => start.memory ?? []);
  return {
    label,
    milliseconds: spreadOf(starts.map((start) => start.milliseconds)),
    memory: memory.length > 0 ? spreadOf(memory) : undefined,
  };
}

function reportText(results: readonly StartResult[]): string {
  const rows = results.map(({ label, milliseconds, memory }) => [
    label,
    milliseconds.median.toFixed(0),
    `${milliseconds.min.toFixed(0)}–${milliseconds.max.toFixed(0)}`,
    memory === undefined ? '–' : (memory.median / 2 ** 20).toFixed(0),
  ]);
  return ['From the start to the first page of products.', '', table(['server', 'ms', 'min–max', 'RSS MB'], rows)].join(
    '\n',
  );
}
