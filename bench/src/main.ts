import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import type { Bench, Report } from './report.ts';
import { benchUnitOfWork } from './unit-of-work/bench.ts';

const benches: Readonly<Record<string, Bench>> = { 'unit-of-work': benchUnitOfWork };

const USAGE = `Usage: pnpm bench [${Object.keys(benches).join(' | ')}] [--seconds N] [--json FILE]
  --seconds N   how long each measurement takes; 1 unless said otherwise
  --json FILE   writes all figures to a file`;

interface Arguments {
  names: string[];
  seconds: number;
  json: string | undefined;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '1' }, json: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !benches[name]);
  if (unknown !== undefined) throw new Error(`There is no bench ${unknown}.`);
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds is a number above 0, not ${values.seconds}.`);
  return { names: positionals.length > 0 ? positionals : Object.keys(benches), seconds, json: values.json };
}

async function run({ names, seconds, json }: Arguments): Promise<void> {
  const reports: Record<string, Report> = {};
  console.log(
    `${machine.processors} × ${machine.processor}, ${machine.memory}, Node ${machine.node}, ${machine.system}`,
  );
  for (const name of names) {
    const report = await benches[name]?.({ seconds, say: console.log });
    if (!report) continue;
    reports[name] = report;
    console.log(`\n${report.text}`);
  }
  if (json) await writeFile(json, `${JSON.stringify({ machine, seconds, reports }, undefined, 2)}\n`);
}

try {
  await run(readArguments());
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  console.error(`\n${USAGE}`);
  process.exitCode = 1;
}
