import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { KeptRun } from './docs/document.ts';
import { writeDocs } from './docs/write.ts';
import { benchEngine } from './engine/bench.ts';
import { benchGrowth } from './growth/bench.ts';
import { benchHttp } from './http/bench.ts';
import { machine } from './machine.ts';
import { benchMemory } from './memory/bench.ts';
import { benchOverload } from './overload/bench.ts';
import type { Bench, BenchOptions } from './report.ts';
import { benchStart } from './start/bench.ts';
import { benchUnitOfWork } from './unit-of-work/bench.ts';

const benches: Readonly<Record<string, Bench>> = {
  'unit-of-work': benchUnitOfWork,
  http: benchHttp,
  overload: benchOverload,
  growth: benchGrowth,
  memory: benchMemory,
  start: benchStart,
  engine: benchEngine,
};

const USAGE = `Usage: pnpm bench [${Object.keys(benches).join(' | ')}] [--seconds N] [--rounds N] [--json FILE]
  --seconds N         how long each measurement takes; 1 unless said otherwise
  --rounds N          how often each is repeated; 5 unless said otherwise
  --jobs A,B          only these jobs, for the http bench
  --connections N,M   only these numbers of connections, for the http bench
  --minutes N         how long the memory bench loads the server; 5 unless said otherwise
  --from-source       the memory bench runs the server from its sources, and not the packed one
  --orders N,M        the sizes of the shops of the growth bench; 1000,100000,1000000 unless said otherwise
  --json FILE         writes all figures to a file
  --write-docs        keeps the figures in docs/performance and writes docs/performance.md and its chart from them`;

interface Arguments extends Omit<BenchOptions, 'say'> {
  readonly names: string[];
  readonly json: string | undefined;
  readonly writesDocs: boolean;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
      jobs: { type: 'string' },
      connections: { type: 'string' },
      minutes: { type: 'string', default: '5' },
      'from-source': { type: 'boolean', default: false },
      orders: { type: 'string' },
      json: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !benches[name]);
  if (unknown !== undefined) throw new Error(`There is no bench ${unknown}.`);
  return {
    names: positionals.length > 0 ? positionals : Object.keys(benches),
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds),
    jobs: values.jobs?.split(','),
    connections: values.connections?.split(',').map((count) => positive('connections', count)),
    minutes: positive('minutes', values.minutes),
    form: values['from-source'] ? 'source' : 'packed',
    orders: values.orders?.split(',').map((count) => positive('orders', count)),
    json: values.json,
    writesDocs: values['write-docs'],
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is a number above 0, not ${text}.`);
  return value;
}

async function run({ names, json, writesDocs, ...options }: Arguments): Promise<void> {
  const runs: Record<string, KeptRun> = {};
  const { seconds, rounds } = options;
  const [loadBefore = 0] = loadavg();
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `${machine.processors} × ${machine.processor}, ${machine.memory}, Node ${machine.node}, ${machine.system}`,
  );
  for (const name of names) {
    const report = await benches[name]?.({ ...options, say: console.log });
    if (!report) continue;
    runs[name] = { date, machine, loadBefore, seconds, rounds, ...report };
    console.log(`\n${report.text}`);
  }
  if (json) await writeFile(json, `${JSON.stringify(runs, undefined, 2)}\n`);
  if (writesDocs) await writeDocs(runs);
}

try {
  await run(readArguments());
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  console.error(`\n${USAGE}`);
  process.exitCode = 1;
}
