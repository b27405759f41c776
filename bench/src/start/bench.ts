import type { WireName } from '../calls/wires.ts';
import { WIRES } from '../calls/wires.ts';
import { Connection } from '../generator/connection.ts';
import type { BenchOptions, Report } from '../report.ts';
import { BenchServer } from '../server.ts';
import { startServer } from '../servers/programs.ts';
import { createShop } from '../shop/create.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { table } from '../table.ts';

interface Start {
  readonly milliseconds: number;
  readonly memory: number | undefined;
}

interface StartResult {
  readonly server: WireName;
  readonly milliseconds: Spread;
  /** In bytes, after the first answer. */
  readonly memory: Spread | undefined;
}

/** From starting a server on a shop that exists to its first answer from the database. */
export async function benchStart({ rounds, say }: BenchOptions): Promise<Report> {
  say('start: less than a minute');
  await using postgres = await BenchServer.start();
  const shop = await createShop(postgres.postgres);
  const databaseUrl = await postgres.postgres.createDatabase(shop);
  const starts: Record<'baguni' | 'by-hand', Start[]> = { baguni: [], 'by-hand': [] };
  // The first of each reads the program from disk; it is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const server of ['baguni', 'by-hand'] as const) {
      const start = await startOnce(server, databaseUrl);
      if (round > 0) starts[server].push(start);
    }
  }
  const results = (['baguni', 'by-hand'] as const).map((server) => resultOf(server, starts[server]));
  return { text: reportText(results), figures: { results } };
}

async function startOnce(server: WireName, databaseUrl: string): Promise<Start> {
  const began = performance.now();
  await using running = await startServer(server, databaseUrl);
  const connection = new Connection(running.origin);
  const { status } = await connection.ask(WIRES[server].request([{ kind: 'browse' }], () => ''));
  const milliseconds = performance.now() - began;
  if (status !== 200) throw new Error(`${server} answered ${status} first.`);
  await connection.close();
  return { milliseconds, memory: (await running.memory())?.now };
}

function resultOf(server: WireName, starts: readonly Start[]): StartResult {
  const memory = starts.flatMap((start) => start.memory ?? []);
  return {
    server,
    milliseconds: spreadOf(starts.map((start) => start.milliseconds)),
    memory: memory.length > 0 ? spreadOf(memory) : undefined,
  };
}

function reportText(results: readonly StartResult[]): string {
  const rows = results.map(({ server, milliseconds, memory }) => [
    server,
    milliseconds.median.toFixed(0),
    `${milliseconds.min.toFixed(0)}–${milliseconds.max.toFixed(0)}`,
    memory === undefined ? '–' : (memory.median / 2 ** 20).toFixed(0),
  ]);
  return ['From the start to the first page of products.', '', table(['server', 'ms', 'min–max', 'RSS MB'], rows)].join(
    '\n',
  );
}
